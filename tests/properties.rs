//! What holds for every template and every value.
//!
//! The cases are the same on every run. `PROPTEST_CASES` sets how many (64 unless
//! it is set), `PROPTEST_RNG_SEED` which; what once failed is tried first, from
//! `properties.regressions` beside this file, which is committed.

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};
use support::word::{Word, entries, faults, paragraph, told};

fn config() -> Config {
    let number = |name: &str, default: u32| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    Config {
        cases: number("PROPTEST_CASES", 64),
        rng_seed: RngSeed::Fixed(number("PROPTEST_RNG_SEED", 8).into()),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource(
            "regressions",
        ))),
        ..Config::default()
    }
}

/// The decoded text of all `w:t` of a part, and a proof that it is well-formed.
fn text_of(xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let (mut text, mut inside, mut depth) = (String::new(), false, 0_i32);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) => {
                depth += 1;
                inside = tag.name().as_ref() == b"w:t";
            }
            Event::End(_) => {
                depth -= 1;
                inside = false;
            }
            Event::Text(piece) if inside => text += &piece.decode().expect("UTF-8"),
            Event::GeneralRef(name) if inside => {
                let name = name.decode().expect("UTF-8");
                let unescaped = format!("&{name};");
                text += &quick_xml::escape::unescape(&unescaped).expect("known");
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    text
}

fn part(bytes: &[u8], name: &str) -> String {
    String::from_utf8(entries(bytes).remove(name).expect("the part")).expect("UTF-8")
}

/// Merges without a fault into a document without one; gives the body's text.
fn merged_text(word: &Word, data: &Value) -> String {
    let (bytes, warnings) = word.merge(data).unwrap_or_else(|e| panic!("{}", told(&e)));
    assert_eq!(told(&warnings), "");
    assert_eq!(told(&faults(&bytes)), "");
    text_of(&part(&bytes, "word/document.xml"))
}

// (a) However Word cuts a paragraph into runs, it means the same.

/// A paragraph's text with tags in it.
fn tagged_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z 文字，。]{0,8}",
        Just("{{ a }}".to_owned()),
        Just("{{ n }}".to_owned()),
        Just("{{a|upper}}".to_owned()),
        Just("{% if n %}yes{% else %}no{% endif %}".to_owned()),
        Just("{% for x in xs %}{{ x }},{% endfor %}".to_owned()),
        Just("{# not printed #}".to_owned()),
        Just("{{ \"“”\" }}".to_owned()),
        Just("{_{ }_}".to_owned()),
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// What lies between two runs.
const NOISE: [&str; 6] = [
    "",
    "<w:proofErr w:type=\"spellStart\"/>",
    "<w:proofErr w:type=\"gramEnd\"/>",
    "<w:r><w:rPr><w:i/></w:rPr></w:r>",
    "<w:bookmarkStart w:id=\"ID\" w:name=\"bID\"/><w:bookmarkEnd w:id=\"ID\"/>",
    "<w:r><w:lastRenderedPageBreak/></w:r>",
];

const FORMATS: [&str; 4] = [
    "",
    "<w:rPr><w:b/></w:rPr>",
    "<w:rPr><w:rStyle w:val=\"S\"/><w:sz w:val=\"28\"/></w:rPr>",
    "<w:rPr/>",
];

/// A text as runs that end where the cuts say, with noise between them.
fn in_runs(text: &str, cuts: &[(prop::sample::Index, usize, usize)]) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
    };
    let characters: Vec<char> = text.chars().collect();
    let mut ends: Vec<(usize, usize, usize)> = cuts
        .iter()
        .map(|(at, noise, format)| (at.index(characters.len() + 1), *noise, *format))
        .collect();
    ends.sort_unstable();
    ends.push((characters.len(), 0, 0));
    let (mut out, mut from) = (String::from("<w:p>"), 0);
    for (id, (end, noise, format)) in ends.into_iter().enumerate() {
        let piece: String = characters[from..end].iter().collect();
        out += &format!(
            "<w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r>{}",
            FORMATS[format],
            escape(&piece),
            NOISE[noise].replace("ID", &(id + 1).to_string())
        );
        from = end;
    }
    out + "</w:p>"
}

/// A character of any kind, those that mean something more often.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => any::<char>(),
        3 => prop::sample::select("<>&\"'{}%#_-$“”…—中文\n\t\r\u{7}\u{b}\u{c}\u{0}\u{1}\u{2}\u{3}\u{e}\u{f}\u{85}\u{feff}\u{fffe}\u{fffd}\u{e000}".chars().collect::<Vec<_>>()),
        3 => proptest::char::range(' ', '~'),
    ]
}

/// Any text, and texts that would do something if they were trusted.
fn value() -> impl Strategy<Value = String> {
    let dangerous = prop::sample::select(vec![
        "{{ 7 * 7 }}",
        "{% for x in y %}",
        "{%p if a %}",
        "{# c #}",
        "</w:t></w:r></w:p>",
        "<w:p/>",
        "&lt;",
        "&#1;",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?x?>",
        "{{r v }}",
        "\u{1}\u{2}0\u{2}",
        "{_{",
        "__huikan_at",
        "<!DOCTYPE a>",
        "\\",
        "%}",
        "}}",
    ]);
    let piece = prop_oneof![
        dangerous.prop_map(str::to_owned),
        proptest::collection::vec(character(), 0..12)
            .prop_map(|all| all.into_iter().collect::<String>()),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// What of a text can be seen in a document, without its breaks.
fn printable(text: &str) -> String {
    let shown = |c: &char| {
        !c.is_control()
            && !matches!(*c, '\u{fdd0}'..='\u{fdef}')
            && (*c as u32) & 0xfffe != 0xfffe
    };
    text.chars().filter(shown).collect()
}

/// Any JSON whose names are those that the rich template asks for.
fn context() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "a",
        "b",
        "xs",
        "rich",
        "items",
        "text",
        "runs",
        "$type",
        "paragraphs",
        "color",
        "size",
        "path",
        "style",
        "url",
        "bold",
        "name",
        "rows",
        "n",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        value().prop_map(Value::String),
        prop::sample::select(vec![
            "RichText",
            "RichTextParagraph",
            "Listing",
            "InlineImage",
            "markdown",
            "#ff0000",
            "2023-03-28",
            "B",
        ])
        .prop_map(Value::from),
    ];
    let node = leaf.prop_recursive(4, 48, 6, move |inside| {
        prop_oneof![
            proptest::collection::vec(inside.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::vec((names.clone(), inside), 0..6).prop_map(|fields| {
                let fields =
                    fields.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::Object(fields.collect::<Map<_, _>>())
            }),
        ]
    });
    let list = proptest::collection::vec(node.clone(), 0..5).prop_map(Value::Array);
    let number = prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from)
    ];
    let text = value().prop_map(|text| {
        json!({"$type": "RichText", "runs": [{"text": text, "bold": true, "color": "#ff0000"}, {"text": "x"}]})
    });
    // Mostly what the template expects, so that most merges go through.
    let fields = (
        node.clone(),
        node.clone(),
        prop_oneof![9 => list.clone(), 1 => node.clone()],
        prop_oneof![9 => list, 1 => node.clone()],
        prop_oneof![3 => text, 2 => value().prop_map(Value::from), 1 => node.clone()],
        prop_oneof![9 => number, 1 => node],
    );
    fields.prop_map(|(a, b, xs, rows, rich, n)| {
        json!({"a": a, "b": b, "xs": xs, "rows": rows, "rich": rich, "n": n})
    })
}

/// A template with a tag of every kind.
fn rich_template() -> Word {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(text));
    let row = |cells: &[&str]| {
        let cells: String = cells.iter().map(|text| cell(text)).collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let table = format!(
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{}{}{}{}</w:tbl>",
        row(&["{%tr for x in rows %}"]),
        row(&["{% cellbg \"ffcc00\" %}{{ x }}", "{% vm %}{{ loop.index }}"]),
        row(&["{%tr endfor %}"]),
        row(&["{%tc for x in xs %}", "{{ x }}", "{%tc endfor %}"]),
    );
    let lines = [
        "{{ a }} {{ a.b }} {{ xs[0] }} {{ n|round }} {{ a|upper }} {{ xs|join(\"、\") }}",
        "{%p for x in xs %}",
        "{{ x }} {{ x.name|default(\"-\") }} {% if x is mapping %}{{ x|dictsort }}{% endif %}",
        "{%p endfor %}",
        "{{r rich }}",
        "{{p rich }}",
        "{%p if a == b %}",
        "{{ a }} = {{ b }}",
        "{%p else %}",
        "{{ b|string|length }} {{ n }}",
        "{%p endif %}",
        "{% set y = xs %}{{ y|length }} {{ rich }} {{ rows|tojson }}",
    ];
    let body: String =
        lines.iter().map(|line| paragraph(&line.replace('"', "&quot;"))).collect();
    Word::body(&(body + &table + "<w:p/><w:sectPr/>"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn cuts_into_runs_change_nothing(
        text in tagged_text(),
        cuts in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0..NOISE.len(), 0..FORMATS.len()), 0..12),
        n in 0..2,
    ) {
        let data = json!({"a": "<A & “b”>", "n": n, "xs": [1, "二"]});
        let whole = merged_text(&Word::body(&in_runs(&text, &[])), &data);
        let cut = merged_text(&Word::body(&in_runs(&text, &cuts)), &data);
        prop_assert_eq!(cut, whole);
    }

    #[test]
    fn values_come_out_as_text(value in value()) {
        let data = json!({ "v": value, "vs": [&value, &value] });
        let scopes = [
            ("[{{ v }}]", 1),
            ("{{r v }}", 1),
            ("{{p v }}", 1),
            ("{% for x in vs %}{{ x }}{% endfor %}", 2),
            ("{% set x %}{{ v }}{% endset %}{{ x }}", 1),
            ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) }}", 1),
            ("{{ v|default(1) }}{{ vs|join }}", 3),
        ];
        for (template, times) in scopes {
            let text = merged_text(&Word::text(template), &data);
            let text = text.trim_start_matches('[').trim_end_matches(']').to_owned();
            let expected = printable(&value).repeat(times);
            let expected = expected.trim_start_matches('[').trim_end_matches(']').to_owned();
            prop_assert_eq!(text, expected, "{}", template);
        }
    }

    #[test]
    fn values_stay_in_attributes_and_cells(value in value()) {
        let drawing = "<w:p><w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"n\" descr=\"{{ v }}\"/>\
            </wp:inline></w:drawing></w:r></w:p>";
        let cells = format!(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{}</w:tc></w:tr>\
             <w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p/>",
            paragraph("{{tc vs }}"), paragraph("{{tr vs }}")
        );
        let data = json!({ "v": value, "vs": [&value, &value] });
        let text = merged_text(&Word::body(&(drawing.to_owned() + &cells)), &data);
        prop_assert_eq!(text, printable(&value).repeat(4));
    }

    #[test]
    fn what_has_no_tags_keeps_its_bytes(
        texts in proptest::collection::vec("[^{}]{0,20}", 0..6),
        extra in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let escape = |text: &String| {
            let text = printable(text);
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        };
        let body: String = texts.iter().map(|text| paragraph(&escape(text))).collect();
        let word = Word::body(&body).raw("customXml/item1.xml", extra);
        let before: BTreeMap<String, Vec<u8>> = entries(&word.bytes());
        let (bytes, _) = word.merge(&json!({})).expect("merged");
        prop_assert_eq!(entries(&bytes), before);
    }

    #[test]
    fn no_data_breaks_a_template(data in context()) {
        if let Ok((bytes, _)) = rich_template().merge(&data) {
            text_of(&part(&bytes, "word/document.xml"));
            let errors: Vec<_> =
                faults(&bytes).into_iter().filter(|fault| fault.is_error()).collect();
            prop_assert_eq!(told(&errors), "");
        }
    }
}
