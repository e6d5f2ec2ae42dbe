//! All rules, and the page that explains them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use super::{glyph, image, layout, template, text};
use crate::data::Dataset;
use crate::data::prose;
use crate::diag::rule::means;
use crate::diag::{Diagnostic, Lang, Level, Remedy, Rule, SLIP, nearest};
use crate::project::policy::Policy;
use crate::text;

/// All rules, by id.
static RULES: LazyLock<BTreeMap<&'static str, &'static Rule>> = LazyLock::new(|| {
    let passages = prose::rules().map(|found| found.rule);
    let rooms = [layout::RULES, image::RULES, glyph::RULES, template::RULES];
    let rooms = rooms.into_iter().flatten().copied();
    let rules = passages.chain(text::rules()).chain(rooms);
    rules.map(|rule| (rule.id, rule)).collect()
});

/// All rules, by id.
pub fn rules() -> impl ExactSizeIterator<Item = &'static Rule> {
    RULES.values().copied()
}

/// The rule with an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.get(id).copied()
}

/// A finding as it weighs in a project; nothing if it is allowed.
pub fn weighed(
    policy: &Policy,
    finding: Diagnostic,
    edition: &str,
    dataset: Option<&Dataset>,
) -> Option<Diagnostic> {
    let is_rule = find(&finding.code).is_some();
    policy.weigh(finding, is_rule, edition, dataset)
}

/// A warning for each rule that a project names and that there is none of.
pub fn unknown(policy: &Policy) -> Vec<Diagnostic> {
    let areas: BTreeSet<&str> =
        rules().filter_map(|rule| Some(rule.id.split_once('/')?.0)).collect();
    // Messages that are no rules' have levels, too.
    let is_known = |name: &str| {
        let area = name.split('/').next().unwrap_or_default();
        rules().any(|rule| means(name, rule.id)) || !areas.contains(area)
    };
    let named = policy.named.iter().filter(|(name, _)| !is_known(name));
    named.map(|(name, place)| no_rule(name).at(place.clone())).collect()
}

/// That there is no such rule.
pub fn no_rule(name: &str) -> Diagnostic {
    let fault = Diagnostic::warning(
        "project/no-rule",
        text!("没有 `{name}` 这条规则", "there is no rule `{name}`"),
    );
    match nearest(name, rules().map(|rule| rule.id), SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault.hint(text!(
            "用 `huikan rules` 看有哪些规则",
            "list the rules with `huikan rules`"
        )),
    }
}

/// What rules of an area are about.
fn area(name: &str, lang: Lang) -> &'static str {
    match (name, lang) {
        ("punct", Lang::Zh) => "标点",
        ("punct", Lang::En) => "Punctuation",
        ("number", Lang::Zh) => "数字",
        ("number", Lang::En) => "Numbers",
        ("structure", Lang::Zh) => "结构",
        ("structure", Lang::En) => "Structure",
        ("name", Lang::Zh) => "人名、机构名与用语",
        ("name", Lang::En) => "Names and words",
        ("figure", Lang::Zh) => "数据一致",
        ("figure", Lang::En) => "Figures",
        ("glyph", Lang::Zh) => "字形",
        ("glyph", Lang::En) => "Glyphs",
        ("image", Lang::Zh) => "图片",
        ("image", Lang::En) => "Pictures",
        ("layout", Lang::Zh) => "版面",
        ("layout", Lang::En) => "Layout",
        ("template", Lang::Zh) => "模板",
        ("template", Lang::En) => "Templates",
        _ => "",
    }
}

/// The page of all rules, in Markdown.
pub fn page(lang: Lang) -> String {
    let rules = rules();
    let count = rules.len();
    let mut page = match lang {
        Lang::Zh => format!(
            "# 检查规则\n\n`huikan check` 的 {count} 条规则。这一页由程序生成：`huikan rules --lang zh`。怎样放过一处、改一条的轻重，见 [check.md](check.md)。\n"
        ),
        Lang::En => format!(
            "# Rules\n\nThe {count} rules of `huikan check`. This page is made by the program: `huikan rules --lang en`. How to allow a finding and to change what a rule weighs: [check.md](check.md).\n"
        ),
    };
    let mut open = "";
    for rule in rules {
        let (name, _) = rule.id.split_once('/').unwrap_or_default();
        if name != open {
            open = name;
            let _ = write!(page, "\n## {name}: {}\n", area(name, lang));
        }
        let _ = write!(page, "\n{}", entry(rule, lang));
    }
    page
}

/// What one rule says of itself, in Markdown.
pub fn entry(rule: &Rule, lang: Lang) -> String {
    let Rule { id, source, wrong, right, .. } = rule;
    let (what, why) = (rule.what.get(lang), rule.why.get(lang));
    let level = match (rule.level, lang) {
        (Level::Allow, Lang::Zh) => "默认不报",
        (Level::Allow, Lang::En) => "not told by default",
        (Level::Warn, Lang::Zh) => "警告",
        (Level::Warn, Lang::En) => "warning",
        (Level::Deny, Lang::Zh) => "错误",
        (Level::Deny, Lang::En) => "error",
    };
    let remedy = match (rule.remedy, lang) {
        (Remedy::Safe, Lang::Zh) => "，`--fix` 会改",
        (Remedy::Safe, Lang::En) => ", mended by `--fix`",
        (Remedy::None, _) => "",
    };
    match lang {
        Lang::Zh => format!(
            "### `{id}`\n\n{level}{remedy}。{what}。{why}。\n\n- 错：{}\n- 对：{}\n- 依据：{source}\n",
            quoted(wrong),
            quoted(right),
        ),
        Lang::En => format!(
            "### `{id}`\n\n{}{remedy}. {}. {}.\n\n- wrong: {}\n- right: {}\n- source: {source}\n",
            capital(level),
            capital(what),
            capital(why),
            quoted(wrong),
            quoted(right),
        ),
    }
}

/// An example as code, whatever is in it.
fn quoted(example: &str) -> String {
    let example = example.replace('\n', "⏎");
    match example.contains('`') {
        true => format!("`` {example} ``"),
        false => format!("`{example}`"),
    }
}

fn capital(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}
