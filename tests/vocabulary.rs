//! One vocabulary: the functions of Word templates and those of Typst templates give
//! the same results, and refuse the same arguments in the same words.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use huikan::diag::{Lang, Style, Text, render};
use huikan::docx::{Images, Template};
use huikan::pdf::{World, compile};
use huikan::project::resolve::Schemas;
use huikan::project::{Project as Huikan, resolve};
use serde_json::{Value, json};
use support::layout::{engine, own_package};
use support::project::Project;
use support::word::{Word, body_of};
use typst::foundations::{Label, Selector};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

struct NoImages;

impl Images for NoImages {
    fn load(&self, _: &str) -> Result<Arc<[u8]>, Text> {
        Err(Text { zh: "没有".into(), en: "none".into() })
    }
}

/// A Word template of one paragraph.
fn word(tag: &str) -> Template {
    let tag = tag.replace('&', "&amp;").replace('<', "&lt;");
    Template::compile("main.docx", Word::text(&tag).bytes()).unwrap().value
}

/// What a Word template prints of data, or its message.
fn printed(template: &Template, data: &Value) -> Result<String, String> {
    let merged = template.render(data, &NoImages).map_err(|errors| {
        let errors = errors.into_vec();
        errors
            .iter()
            .map(|error| render(error, Lang::En, Style::Plain))
            .collect::<String>()
    })?;
    let xml = body_of(&merged.value);
    let texts = xml.split("<w:t").skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix([' ', '>'])?;
        let text =
            rest.trim_start_matches("xml:space=\"preserve\">").split("</w:t>").next()?;
        Some(quick_xml::escape::unescape(text).unwrap().into_owned())
    });
    Ok(texts.collect())
}

/// A Typst template laid out, or its message.
fn laid_out(main: &str, data: &Value) -> Result<PagedDocument, String> {
    let project = Project::empty();
    let main = format!(
        "#import \"/vocabulary.typ\": *\n#import \"/chart.typ\": *\n#let data = json(\"/data.json\")\n{main}\n"
    );
    project.write("data/x.json", data.to_string().as_bytes());
    let package = own_package(&project, b"{}", Some(&main));
    let found = Huikan::find(project.path()).unwrap();
    let edition = found.edition("data/x.json", found.root()).unwrap();
    let schemas = Schemas::of(&package, None).unwrap();
    let resolved = resolve::resolve(&edition, &package, &schemas).unwrap().value;
    let world = World::new(engine(), &package, &resolved, &edition.assets, None).unwrap();
    let document = compile(&world, &resolved.metadata);
    document.map(|document| document.value).map_err(|errors| {
        let errors = errors.into_vec();
        errors
            .iter()
            .map(|error| render(error, Lang::En, Style::Plain))
            .collect::<String>()
    })
}

/// The strings that a Typst template labels `<out>` as metadata, or its message.
fn labelled(main: &str, data: &Value) -> Result<Vec<Value>, String> {
    let document = laid_out(main, data)?;
    let label = Label::new(PicoStr::intern("out")).unwrap();
    let found = document.introspector().query(&Selector::Label(label));
    let value = |content: &typst::foundations::Content| {
        serde_json::to_value(content.field_by_name("value").unwrap()).unwrap()
    };
    Ok(found.iter().map(value).collect())
}

/// Numbers and what looks like them.
fn numbers() -> Vec<Value> {
    let mut all: Vec<Value> = (0..=120).map(Value::from).collect();
    let mut number = 7_i64;
    for step in 0..200_i64 {
        number = (number.wrapping_mul(6_364_136_223_846_793_005) + step).abs();
        let cut = 10_i64.pow((step % 17) as u32);
        all.push((number % cut.max(2)).into());
        all.push(format!("{}.{}", number % cut.max(2), number % 1000).into());
        all.push(format!("-{}", number % 100_000).into());
    }
    for round in [
        1_i64,
        10,
        100,
        1000,
        10_000,
        100_000,
        1_000_000,
        10_000_000,
        100_000_000,
        1_000_000_000,
        10_000_000_000,
        100_000_000_000,
        1_000_000_000_000,
        1_000_000_000_000_000,
    ] {
        all.extend(
            [round, 2 * round, 11 * round, 1001 * round, round + 1, -round]
                .map(Value::from),
        );
    }
    for float in
        [0.0, -0.0, 0.5, 14.0, -3.5, 0.1 + 0.2, 1234.56, 1e15, 1e16, 1e-4, 1e-5, 2.5e20]
    {
        all.push(json!(float));
    }
    for text in [
        "",
        " 12 ",
        "1,234,567.89",
        "1，234",
        "+5",
        "－3.5",
        "−7",
        "-0",
        "-0.00",
        "007",
        "1.",
        ".5",
        ",",
        "1,",
        "--1",
        "1.2.3",
        "1e5",
        "a",
        "٣",
        "十二",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551615.999",
        "99999999999.995",
        "999999999.999",
        "1999999999.996",
        "0.995",
        "0.005",
        "0.004",
        "1000000000.01",
        "2023年",
        "20230",
        "0203年年",
        "2023.0",
        " 2023 年",
    ] {
        all.push(text.into());
    }
    all.extend([Value::Null, Value::Bool(true), json!([1]), json!({"a": 1})]);
    all
}

/// Dates and what looks like them.
fn dates() -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for year in [1, 99, 1900, 2000, 2010, 2023, 2024, 9999, 10_000] {
        all.push(year.into());
        for (month, day) in [
            (1, 1),
            (2, 28),
            (2, 29),
            (2, 30),
            (4, 31),
            (10, 10),
            (12, 31),
            (0, 1),
            (13, 1),
            (3, 0),
        ] {
            all.push(format!("{year}-{month:02}-{day:02}").into());
            all.push(format!("{year}/{month}/{day}").into());
            all.push(format!("{year}.{month}").into());
        }
    }
    for text in [
        "",
        "2024-02-29T08:00:00Z",
        "2024-02-29 8:00",
        "2024-02-29T",
        "2024-02-29 x",
        "2024-2",
        " 2024-02-29 ",
        "1-2-3-4",
        "8 March",
        "2024--1",
        "-2024",
        "2024-00000000000000000000001",
    ] {
        all.push(text.into());
    }
    all.extend([Value::Null, Value::Bool(false), json!(2023.5)]);
    all
}

/// Calls the same function of both sides with each value.
fn compare(function: &str, arguments: &str, values: &[Value]) {
    let word_side = word(&format!("{{{{ {function}(v{arguments}) }}}}"));
    let expected: Vec<_> =
        values.iter().map(|v| printed(&word_side, &json!({ "v": v }))).collect();
    let typst_arguments = arguments.replace('=', ":");
    let good: Vec<(&Value, &String)> = values
        .iter()
        .zip(&expected)
        .filter_map(|(value, text)| Some((value, text.as_ref().ok()?)))
        .collect();
    let data = json!({ "vs": good.iter().map(|(value, _)| value).collect::<Vec<_>>() });
    let main =
        format!("#for v in data.vs [#metadata({function}(v{typst_arguments})) <out>]");
    let results = labelled(&main, &data).unwrap();
    assert_eq!(results.len(), good.len());
    for ((value, text), result) in good.iter().zip(&results) {
        assert_eq!(
            result.as_str(),
            Some(text.as_str()),
            "{function}({value}{arguments})"
        );
    }
    let bad = values.iter().zip(&expected).filter(|(_, text)| text.is_err());
    let bad: Vec<_> = bad.collect();
    // Each costs a layout of its own.
    for (value, message) in bad.iter().step_by(bad.len() / 30 + 1) {
        let call = format!("#metadata({function}(data.v{typst_arguments})) <out>");
        // Python writes numbers with an exponent otherwise than Typst does.
        let exponent =
            value.as_f64().is_some_and(|n| n != 0.0 && !(1e-4..1e16).contains(&n.abs()));
        let message = message.as_ref().unwrap_err();
        let message = if exponent { "]: ` cannot write `" } else { message };
        refused(&call, &json!({ "v": value }), message);
    }
}

/// Typst must stop with the words that Word's side says.
fn refused(main: &str, data: &Value, message: &str) {
    let (_, said) = message.split_once("]: ").expect("a message");
    let said = said.lines().next().expect("a line");
    let told = labelled(main, data).expect_err(&format!("{main} with {data}: {said}"));
    assert!(told.contains(&said.replace('"', "\\\"")), "{main}: {said}\n{told}");
}

#[test]
fn numbers_are_written_alike() {
    let numbers = numbers();
    assert!(numbers.len() > 700);
    for function in ["cn", "cn_formal", "cn_year", "ordinal", "money"] {
        compare(function, "", &numbers);
    }
}

#[test]
fn dates_are_written_alike() {
    for arguments in ["", ", \"han\"", ", form=\"digits\""] {
        compare("cn_date", arguments, &dates());
    }
}

/// Calls that both sides refuse, as Word templates have them.
const REFUSED: [&str; 30] = [
    "cn()",
    "cn(1, 2)",
    "cn(1, base=2)",
    "cn(1, number=2)",
    "cn_date(\"2023\", \"roman\")",
    "cn_date(\"2023\", 3)",
    "spread(\"a\")",
    "spread(\"a\", 0)",
    "spread(\"a\", 101)",
    "spread(\"a\", \"3\")",
    "spread(\"a\", 3, width=4)",
    "dotted()",
    "dotted(\"a\", 3)",
    "markdown(3)",
    "markdown()",
    "markdown(\"a\", under=9)",
    "markdown(\"a\", \"2\")",
    "table(\"a\")",
    "table([\"a\"])",
    "table([[\"a\"]], head=\"b\")",
    "table([[\"a\"]], align=\"middle\")",
    "table([[\"a\"]], align=[\"left\", 3])",
    "table([[\"a\"]], widths=[\"3\"])",
    "table([[\"a\"]], widths=[-3])",
    "table([[\"a\"]], style=3)",
    "toc(\"3-1\")",
    "toc(\"0-2\")",
    "comment(\"a\", author=3)",
    "footnote(\"a\", \"b\")",
    "page_break(1)",
];

#[test]
fn wrong_arguments_are_refused_alike() {
    for call in REFUSED {
        let message = printed(&word(&format!("{{{{p {call} }}}}")), &json!({}))
            .expect_err(&format!("{call} is refused"));
        // Typst writes lists in round brackets.
        let typst = call.replace("=", ": ").replace("[[\"a\"]]", "((\"a\",),)");
        let typst = typst
            .replace("[\"a\"]", "(\"a\",)")
            .replace("[\"left\", 3]", "(\"left\", 3)");
        let typst = typst.replace("[\"3\"]", "(\"3\",)").replace("[-3]", "(-3,)");
        refused(&format!("#{typst}"), &json!({}), &message);
    }
    for call in ["image(3)", "image(\"a.png\", \"3\")", "image(\"a.png\", widht=3)"] {
        let message = printed(&word(&format!("{{{{r {call} }}}}")), &json!({}));
        refused(
            &format!("#{}", call.replace("=", ": ")),
            &json!({}),
            &message.unwrap_err(),
        );
    }
}

/// Calls of `chart` that both sides refuse, as Word templates have them; `rows` are
/// of the data.
const REFUSED_CHARTS: [(&str, &str); 17] = [
    ("kind=\"pie\"", "[[\"a\", 1]]"),
    ("kind=3", "[[\"a\", 1]]"),
    ("head=\"a\"", "[[\"a\", 1]]"),
    ("head=data.one", "[[\"a\", 1]]"),
    ("head=data.three", "[[\"a\", 1]]"),
    ("title=3", "[[\"a\", 1]]"),
    ("width=\"wide\"", "[[\"a\", 1]]"),
    ("labels=1", "[[\"a\", 1]]"),
    ("scale=1", "[[\"a\", 1]]"),
    ("", "[]"),
    ("", "\"a\""),
    ("", "[\"a\"]"),
    ("", "[[\"a\"]]"),
    ("", "[[\"a\", 1], [\"b\"]]"),
    ("", "[[\"a\", 1], [\"b\", \"约3\"]]"),
    ("", "[[\"a\", 1, 2, 3, 4, 5, 6, 7, 8, 9]]"),
    ("kind=\"donut\"", "[[\"a\", 1], [\"b\", -2], [\"c\", 3]]"),
];

#[test]
fn charts_are_refused_alike() {
    for (argument, rows) in REFUSED_CHARTS {
        let rows: Value = serde_json::from_str(rows).unwrap();
        let data =
            json!({ "data": { "rows": rows, "one": ["a"], "three": ["a", "b", "c"] } });
        let call = format!("chart(data.rows, {argument})");
        let message = printed(&word(&format!("{{{{p {call} }}}}")), &data)
            .expect_err(&format!("{call} is refused"));
        refused(&format!("#{}", call.replace('=', ": ")), &data["data"], &message);
    }
}

/// Charts that both sides make, by arguments and rows.
fn charts() -> Vec<(&'static str, Value)> {
    let years = json!([
        ["2019", "10 030", 7.9],
        ["2020", null, "1,234.50"],
        [2021, "43000", "−3"],
        ["", "007", "+5"],
    ]);
    let ring = json!([["甲", 1], ["乙", "2.50"], ["丙", null], ["丁", 0]]);
    let many: Vec<Value> = (0..60).map(|n| json!([n, n * 37, "", n])).collect();
    vec![
        ("\"bar\", [\"\", \"本届\", \"上届\"], \"阵地\", unit=\"家\"", years.clone()),
        ("\"column\"", years.clone()),
        ("\"line\", [\"年\", none, \"b\"], labels=false", years),
        ("\"donut\", title=\"经费\"", ring),
        ("\"column\"", many.into()),
    ]
}

/// The texts of the elements `c:v` inside each element of a name.
fn cached(xml: &str, element: &str) -> Vec<Vec<(String, String)>> {
    let (start, end) = (format!("<c:{element}>"), format!("</c:{element}>"));
    let inside = xml.split(&start).skip(1).map(|rest| rest.split(&end).next().unwrap());
    let point = |rest: &str| {
        let index = rest.split('"').next().unwrap().to_owned();
        let value = rest.split("<c:v>").nth(1).unwrap().split("</c:v>").next().unwrap();
        (index, value.to_owned())
    };
    inside.map(|xml| xml.split("<c:pt idx=\"").skip(1).map(point).collect()).collect()
}

/// The categories, values and labels of a chart are the same on both sides.
#[test]
fn charts_say_the_same() {
    for (arguments, rows) in charts() {
        let template = word(&format!("{{{{p chart(rows, {arguments}) }}}}"));
        let merged = template.render(&json!({ "rows": rows }), &NoImages).unwrap().value;
        let parts = support::word::entries(&merged);
        let space = String::from_utf8(parts["word/charts/chart1.xml"].clone()).unwrap();
        let typst = arguments.replace('[', "(").replace(']', ")").replace('=', ": ");
        let main = format!(
            "#let made = chart-data(data.rows, {typst})\n#metadata(made) <out>\n\
             #metadata(chart-description(made)) <out>\n#chart(data.rows, {typst})"
        );
        let found = labelled(&main, &json!({ "rows": rows })).unwrap();
        let (made, description) = (&found[0], found[1].as_str().unwrap());
        let series = made["series"].as_array().unwrap();
        let categories = made["categories"].as_array().unwrap().iter().enumerate();
        let categories: Vec<_> = categories
            .map(|(at, name)| (at.to_string(), name.as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(cached(&space, "cat"), vec![categories; series.len()], "{arguments}");
        let values = |series: &Value| -> Vec<_> {
            let values = series["values"].as_array().unwrap().iter().enumerate();
            let shown = values.filter(|(_, value)| !value.is_null());
            shown
                .map(|(at, value)| {
                    (at.to_string(), value["plain"].as_str().unwrap().to_owned())
                })
                .collect()
        };
        let values: Vec<_> = series.iter().map(values).collect();
        assert_eq!(cached(&space, "val"), values, "{arguments}");
        let names = series.iter().map(|series| series["name"].as_str().unwrap());
        let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
        let told: Vec<String> =
            cached(&space, "tx").into_iter().flatten().map(|(_, name)| name).collect();
        // The title has no cache.
        assert_eq!(told, names, "{arguments}");
        assert_eq!(space.contains("<c:dLbls>"), made["labels"], "{arguments}");
        // What stands for the chart has every number as it is written.
        let body = body_of(&merged);
        assert!(body.contains(&format!("descr=\"{description}\"")), "{body}");
    }
}

/// What both sides make of strings of the data as Markdown says the same.
#[test]
fn markdown_says_the_same() {
    let texts = [
        "一**“二”**三，*四*~~五~~`六`",
        "1. 甲\n2. 乙\n   - 丙\n\n段\n\n3. 丁",
        "> 引\n\n```\ncode\n```\n\n---\n\n# 题",
        "| 甲 | 乙 |\n|---|--:|\n| 1 | **2** |",
        "字[^1]\n\n[^1]: 注",
        "",
    ];
    let word_side = word("{{p v | markdown }}");
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    for text in texts {
        let data = json!({ "v": text });
        let expected = letters(&printed(&word_side, &data).unwrap());
        let words = "#let words(it) = if type(it) == content { let f = it.fields(); \
            if \"text\" in f { f.text } else { f.pairs().map(((k, v)) => if k not in (\"lang\", \"align\") { words(v) }).join() } } \
            else if type(it) == array { it.map(words).join() }\n";
        let main =
            format!("{words}#metadata(words(markdown(data.v))) <out>\n#markdown(data.v)");
        let found = labelled(&main, &data).unwrap();
        let said = letters(found[0].as_str().unwrap_or_default());
        // A note's text is a part of Word's that this test does not read.
        assert_eq!(said.replace('注', ""), expected, "{text}");
    }
}

/// Emphasis dots are marks on the same characters: Word's own, drawn ones in Typst.
#[test]
fn dots_stand_at_the_same_characters() {
    let data = json!({ "v": "着重“二字”3。" });
    let template = word("{{ v | dotted }}后");
    let merged = template.render(&data, &NoImages).unwrap().value;
    let xml = body_of(&merged);
    let dotted: Vec<&str> = xml.split("<w:em w:val=\"dot\"/>").skip(1).collect();
    assert_eq!(dotted.len(), 1, "{xml}");
    assert!(dotted[0].split("</w:r>").next().unwrap().contains("着重“二字”3。"));
    assert_eq!(printed(&template, &data), Ok("着重“二字”3。后".to_owned()));
    let none = printed(&word("{{ dotted(none) }}"), &json!({}));
    assert_eq!(none, Ok(String::new()));

    let document =
        laid_out("#dotted(data.v)后#dotted(none)#dotted(\"\")", &data).unwrap();
    let frame = &document.pages()[0].frame;
    assert_eq!(support::pages::text(frame).trim(), "着重“二字”3。后");
    // One below each Han character.
    assert_eq!(support::pages::dots(frame).len(), 4);
}

/// Functions that print no text work on both sides.
#[test]
fn the_rest_of_the_vocabulary_lays_out() {
    let main = "#import \"/vocabulary.typ\" as own\n\
        = 一\n#toc()\n#toc(levels: \"2-3\")\n#toc(1)\n#page_break()\n\
        #spread(\"王五\", 3)#spread(\"欧阳修\", 3)#spread(\"王五\", 40pt)#spread(none, 3)\n\
        甲#footnote(\"注\")乙#footnote([*c*])#footnote(none)#comment(\"请核对\", author: \"甲\")\n\
        #table(data.rows, head: (\"名\", \"数\"), align: (\"left\", \"right\"), widths: (\"30mm\", 20))\n\
        #table((), widths: ())#own.table(data.rows, (\"a\",), none, \"center\")\n\
        #metadata(1) <out>";
    let data = json!({ "rows": [["甲", 1], ["乙", null, true]] });
    assert!(labelled(main, &data).is_ok(), "{:?}", labelled(main, &data));
    let tags = "{{ spread(\"王五\", 3) }}{{ footnote(\"注\") }}{{ comment(\"请核对\", author=\"甲\") }}";
    assert_eq!(printed(&word(tags), &json!({})).unwrap(), "王五");
}
