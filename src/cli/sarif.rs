//! Diagnostics as a SARIF 2.1.0 document (OASIS), for code scanning.

use serde_json::{Value, json};

use crate::check::catalogue;
use crate::diag::{Diagnostic, Lang, Level, Place, Remedy, Rule, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One run with all that was found.
pub(super) fn document(found: &[Diagnostic], lang: Lang) -> Value {
    let rules: Vec<&Rule> = catalogue::rules().collect();
    let results: Vec<Value> =
        found.iter().map(|diagnostic| result(diagnostic, &rules, lang)).collect();
    let language = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en-US",
    };
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "huikan",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| described(rule, lang)).collect::<Vec<_>>(),
            }},
            "language": language,
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn described(rule: &Rule, lang: Lang) -> Value {
    let level = match rule.level {
        Level::Allow => "none",
        Level::Warn => "warning",
        Level::Deny => "error",
    };
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.what.get(lang) },
        "fullDescription": { "text": rule.why.get(lang) },
        "help": { "text": format!("{} → {} ({})", rule.wrong, rule.right, rule.source) },
        "defaultConfiguration": { "level": level },
        "properties": { "fixable": rule.remedy == Remedy::Safe },
    })
}

fn result(diagnostic: &Diagnostic, rules: &[&Rule], lang: Lang) -> Value {
    let words = [&diagnostic.message].into_iter().chain(&diagnostic.notes);
    let words = words.chain(&diagnostic.hints).map(|text| text.get(lang));
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level,
        "message": { "text": words.collect::<Vec<_>>().join("\n") },
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == diagnostic.code) {
        result["ruleIndex"] = index.into();
    }
    if let Some(place) = &diagnostic.place {
        result["locations"] = json!([location(place)]);
    }
    result
}

fn location(place: &Place) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.file) } });
    if let Some(position) = place.position {
        let mut region =
            json!({ "startLine": position.line, "startColumn": position.column });
        if let Some(excerpt) = &place.excerpt {
            let marked = excerpt.text.get(excerpt.mark.clone()).unwrap_or_default();
            region["endColumn"] = (position.column + marked.chars().count()).into();
            region["snippet"] = json!({ "text": marked });
        }
        physical["region"] = region;
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(pointer) = &place.pointer {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": pointer }]);
    }
    location
}

/// A file as a relative URI (RFC 3986).
fn uri(file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encode = |byte: u8| match byte {
        b'\\' => "/".to_string(),
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    file.bytes().map(encode).collect()
}
