//! Names that a template asks its dataset for, and the schema does not have.

use serde_json::Value;

use super::known::{Known, known};
use super::typst_names::{self, METHODS};
use crate::check::told::at_most;
use crate::diag::{Diagnostic, Level, Place, Remedy, Rule, SLIP, Source, Words, nearest};
use crate::docx;
use crate::project::Package;
use crate::text;

/// Names that a template asks its dataset for, and the schema does not have.
pub static RULE: Rule = Rule {
    id: "template/unknown-name",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "模板要的字段，数据规范里没有",
        en: "the template asks for a field that the schema does not have",
    },
    why: Words {
        zh: "这样的字段永远是空的：多半是字段名写错了，或者规范改了模板没改",
        en: "such a field is always empty: a slip, or the schema was changed and the template was not",
    },
    source: "docs/schema.md",
    wrong: "main.docx 里的 {{ masthead.slogen }}",
    right: "{{ masthead.slogan }}",
};

/// What resolving adds to a dataset, or a template is given beside it.
const GIVEN: [&str; 2] = ["_auto", "previous"];

/// Finds them in the sources of both sides, by the schema and by a dataset as templates
/// see it: what either has is known.
pub fn find(
    package: &Package,
    word: Option<&docx::Template>,
    schema: &Value,
    seen: &Value,
) -> Vec<Diagnostic> {
    let judge = |path: &[&str]| unknown(path, schema, seen);
    let mut found = Vec::new();
    if let Some(template) = word {
        let mut known = Vec::new();
        for (name, places) in template.names() {
            let path: Vec<&str> = name.split('.').collect();
            let unknown = judge(&path).filter(|(name, _)| !known.contains(name));
            if let Some((name, near)) = unknown {
                known.push(name.clone());
                let places = places.into_iter().take(1).cloned();
                found.extend(places.map(|place| told(&name, near.as_deref(), place)));
            }
        }
    }
    for file in package.list().iter().filter(|file| file.ends_with(".typ")) {
        let Ok(bytes) = package.read(file) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let source = Source::new(package.shown(file), text.as_str());
        let mut known = Vec::new();
        for asked in typst_names::asked(&text) {
            let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
            if let Some((name, near)) = judge(&path)
                && !known.contains(&name)
            {
                let place = source.place(asked.at..asked.at + 1);
                found.push(told(&name, near.as_deref(), place));
                known.push(name);
            }
        }
    }
    at_most(&RULE, found)
}

/// The part of a path that ends with the first unknown name, and the field that was
/// meant, if there is one.
fn unknown(
    path: &[&str],
    schema: &Value,
    seen: &Value,
) -> Option<(String, Option<String>)> {
    let Known::No { depth, fields } = known(schema, path) else { return None };
    let name = path[depth];
    let there = path[..=depth].iter().try_fold(seen, |value, name| value.get(name));
    if there.is_some() || GIVEN.contains(&name) || METHODS.contains(&name) {
        return None;
    }
    let near = nearest(name, fields.iter().map(String::as_str), SLIP).map(str::to_owned);
    Some((path[..=depth].join("."), near))
}

fn told(name: &str, near: Option<&str>, place: Place) -> Diagnostic {
    let finding = RULE
        .finding(text!(
            "模板要 `{name}`，数据规范里没有这个字段",
            "the template asks for `{name}`, which the schema does not have"
        ))
        .at(place);
    match near {
        Some(near) => finding.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => finding.hint(text!(
            "改模板里的名字，或在 schema.json 里加上它",
            "change the name in the template, or add the field to schema.json"
        )),
    }
}
