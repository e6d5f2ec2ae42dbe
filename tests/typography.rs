//! Chinese typography on laid-out pages: generated text over many line widths.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use support::layout::{lay_out, own_package};
use support::pages::{self, Run};
use support::project::Project;
use typst_layout::PagedDocument;

/// A template of its own over a dataset with a field of rich text, `body`.
fn pages_of(main: &str, body: &str) -> PagedDocument {
    let project = Project::empty();
    let data = serde_json::json!({ "body": body });
    project.write("data/x.json", data.to_string().as_bytes());
    let main = format!(
        "#import \"/huikan.typ\": *\n#let body = json(\"/data.json\").body\n{main}"
    );
    let schema = r#"{ "properties": { "body": { "type": "string", "contentMediaType": "text/markdown" } } }"#;
    let package = own_package(&project, schema.as_bytes(), Some(&main));
    let (_, document, said) = lay_out(&project.path().join("data/x.json"), &package);
    assert_eq!(said, "");
    document
}

/// The lines of a page from above, each its runs from the left.
fn lines(page: &typst_layout::Page) -> Vec<Vec<Run<'_>>> {
    let mut lines: std::collections::BTreeMap<i64, Vec<Run<'_>>> = Default::default();
    for run in pages::runs(&page.frame) {
        lines.entry((run.at.y.to_pt() * 10.0).round() as i64).or_default().push(run);
    }
    let mut lines: Vec<_> = lines.into_values().collect();
    lines.iter_mut().for_each(|runs| runs.sort_by_key(|run| run.at.x));
    lines
}

fn words(runs: &[Run<'_>]) -> String {
    runs.iter().map(|run| run.item.text.as_str()).collect()
}

/// Where the ink of each glyph of a run begins and ends, and its advance, in ems from
/// where the glyph begins.
fn inks(run: &Run<'_>) -> Vec<(char, f64, f64, f64)> {
    let font = &run.item.font;
    let em = |units: i16| f64::from(units) / font.units_per_em();
    let glyphs = run.item.glyphs.iter().map(|glyph| {
        // A hyphen at the end of a line has no text.
        let c = run.item.text[glyph.range()].chars().next().unwrap_or('-');
        let mut id = font.ttf().glyph_index('-').expect("a glyph");
        id.0 = glyph.id;
        let ink = font.ttf().glyph_bounding_box(id);
        let (from, to) = ink.map_or((0.0, 0.0), |ink| (em(ink.x_min), em(ink.x_max)));
        let shift = glyph.x_offset.get();
        (c, shift + from, shift + to, glyph.x_advance.get())
    });
    glyphs.collect()
}

const FACES: [&str; 6] =
    ["song", "hei", "kai", "fangsong", "official-fangsong", "official-kai"];

/// In every face, marks are a character wide with their ink in one half, and lose
/// the white half next to each other.
#[test]
fn marks_have_their_width_in_every_face() {
    for face in FACES {
        let set = format!(
            "#set text(font: {face}, size: 10pt, lang: \"zh\", region: \"cn\")\n"
        );
        for mark in "“‘（《〈「『【〔”’，。、；：）》〉」』】〕".chars()
        {
            let opens = "“‘（《〈「『【〔".contains(mark);
            let document = pages_of(&format!("{set}#text(\"国{mark}国\")"), "");
            let runs = pages::runs(&document.pages()[0].frame);
            let all: Vec<_> = runs.iter().flat_map(inks).collect();
            let (_, from, to, advance) =
                *all.iter().find(|ink| ink.0 == mark).expect("it");
            assert!((advance - 1.0).abs() < 0.01, "{face} {mark}: {advance} em");
            let half = if opens { from > 0.4 } else { to < 0.6 };
            assert!(half, "{face} {mark}: ink from {from} to {to}");
        }
        // Two marks side by side take a character and a half.
        for pair in ["：“", "，“", "”，", "”。", "。”", "（“", "”）", "》《", "、《"]
        {
            let document = pages_of(&format!("{set}#text(\"国{pair}国\")"), "");
            let runs = pages::runs(&document.pages()[0].frame);
            let all: Vec<_> = runs.iter().flat_map(inks).collect();
            let wide: f64 =
                all.iter().filter(|ink| pair.contains(ink.0)).map(|ink| ink.3).sum();
            assert!((wide - 1.5).abs() < 0.02, "{face} {pair}: {wide} em");
        }
    }
}

/// Where the ink of a run ends; its last glyph may have white space of its own.
fn ink_end(run: &Run<'_>) -> f64 {
    let text = run.item.text.trim_end();
    let inks = inks(run).into_iter().take(text.chars().count());
    let (mut end, mut at) = (0.0, 0.0);
    for (_, _, to, advance) in inks {
        end = at + to;
        at += advance;
    }
    run.at.x.to_pt() + end * run.item.size.to_pt()
}

/// How paragraphs are set in the packages, with a line of so many characters.
fn styles(width: f64) -> [(&'static str, String); 3] {
    [
        (
            "body",
            format!(
                "#let g = sheet()\n#set page(width: {}pt, height: auto, margin: 20pt)\n\
                 #show: body-style.with(g)\n#context rich(g, body, width: {}pt).map(piece => piece.body).join()",
                40.0 + width * 10.5,
                width * 10.5
            ),
        ),
        (
            "kai",
            format!(
                "#let g = sheet()\n#set page(width: {}pt, height: auto, margin: 20pt)\n\
                 #show: body-style.with(g)\n#set text(font: kai)\n#context rich(g, body, width: {}pt).map(piece => piece.body).join()",
                40.0 + width * 10.5,
                width * 10.5
            ),
        ),
        (
            "official",
            format!(
                "#let o = official-sheet()\n#set page(width: 40pt + {width} * o.char, height: auto, margin: 20pt)\n\
                 #show: official-style.with(o)\n#official-text(o, body)"
            ),
        ),
    ]
}

/// Text in which much may go wrong at the end of a line; each filler moves it by a
/// character.
fn hard_text() -> String {
    let hard = [
        "示例县的阿依古丽·买买提在“3·15”那天说：“第3次活动来了46.5万人次，共有10 030人、12 家单位、87项成果，增长2.1个百分点。”",
        "从2018—2022年的3月28日到12月31日，约翰·史密斯（John Smith）用了3～5成的经费——也就是1,234.5万元……其余的，留给了第102条。",
        "《条例》“第八条”规定：25℃以下、面积1000㎡的，按5%收取；一年300多场次，每场90分钟，International cooperation 也算。他说：“是。”",
    ];
    (0..24)
        .map(|n| "科".repeat(n % 12) + hard[n % 3] + &"协".repeat(n / 3) + "完了。")
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// What a line may not begin with, and what it may not end with.
const NEVER_FIRST: &str = "，。、；：？！）》〉”’·～—…℃㎡%％";
const NEVER_LAST: &str = "（《〈“‘";

/// Pieces that a line never breaks inside of.
const WHOLE: [&str; 17] = [
    "46.5万人次",
    "10 030人",
    "12 家",
    "87项",
    "2.1个百分点",
    "第3次",
    "3·15",
    "2018—2022年",
    "3月28日",
    "12月31日",
    "3～5成",
    "1,234.5万元",
    "第102条",
    "25℃",
    "1000㎡",
    "300多场次",
    "90分钟",
];

/// Over 33 widths, in every style of paragraph.
#[test]
fn lines_break_where_a_typesetter_would() {
    let body = hard_text();
    let mut seen = 0;
    for width in 12..45 {
        for (style, main) in styles(f64::from(width)) {
            let document = pages_of(&main, &body);
            let lines = lines(&document.pages()[0]);
            let texts: Vec<String> = lines.iter().map(|runs| words(runs)).collect();
            let right = document.pages()[0].frame.size().x.to_pt() - 20.0;
            for (index, line) in texts.iter().enumerate() {
                let said = |what: &str| {
                    let before =
                        texts.get(index.wrapping_sub(1)).map_or("", String::as_str);
                    format!("{style} {width}: {what}: {before}|{line}")
                };
                let (first, last) = (line.chars().next(), line.trim_end().chars().last());
                let first = first.expect("a line");
                assert!(!NEVER_FIRST.contains(first), "{}", said("begins badly"));
                assert!(!NEVER_LAST.contains(last.expect("a line")), "{}", said("ends"));
                // A line never stands out by more than the white half of a mark.
                let end = ink_end(lines[index].last().expect("a run"));
                assert!(end < right + 0.5, "{} {end} {right}", said("stands out"));
                let letters = line.chars().filter(|c| c.is_alphanumeric()).count();
                assert!(letters >= 2, "{}", said("one character"));
            }
            let whole: String = texts.join("\n");
            for piece in WHOLE {
                let times = body.matches(piece).count();
                assert_eq!(
                    whole.matches(piece).count(),
                    times,
                    "{style} {width}: {piece}"
                );
                seen += times;
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
}

/// Where the ink of a line begins, from the left edge of its text.
fn first_ink(runs: &[Run<'_>]) -> f64 {
    let (_, from, _, _) = inks(&runs[0])[0];
    runs[0].at.x.to_pt() + from * runs[0].item.size.to_pt() - 20.0
}

/// A paragraph that begins with an opening mark has its ink where others have it.
#[test]
fn opening_marks_after_an_indent_look_like_two_characters() {
    for (style, main) in styles(20.0) {
        for mark in ["“", "《", "（", "**“", "*《"] {
            let size = if style == "official" { 15.79 } else { 10.5 };
            let tail = mark.chars().filter(|c| *c == '*').collect::<String>();
            let body = format!("{mark}会{tail}”上有十个字，一行刚好放不下的一段话。");
            let document = pages_of(&main, &body);
            let ink = first_ink(&lines(&document.pages()[0])[0]);
            assert!((2.0..2.5).contains(&(ink / size)), "{style} {mark}: {}", ink / size);
        }
    }
}

/// Bold is bold in every face: a face of its own, or thicker strokes.
#[test]
fn bold_is_seen_in_every_face() {
    for face in FACES {
        let main = format!(
            "#show: body-style.with(sheet())\n#set text(font: {face})\n#context rich(sheet(), body).first().body"
        );
        let document = pages_of(&main, "平常**加粗“二”3**平常*楷体**也粗***。");
        let runs = pages::runs(&document.pages()[0].frame);
        let strong = |run: &Run<'_>| {
            run.item.stroke.is_some()
                || run.item.font.font().info().variant.weight.to_number() > 600
        };
        for run in &runs {
            let text = run.item.text.as_str();
            let expected = text.contains(['粗', '加', '二', '3', '也', '“', '”']);
            assert_eq!(strong(run), expected, "{face} `{text}`");
        }
        let thin = face.contains("kai") || face.contains("fangsong");
        let thickened: String = runs
            .iter()
            .filter(|run| run.item.stroke.is_some())
            .map(|run| run.item.text.as_str())
            .collect();
        assert_eq!(thickened.contains('加'), thin, "{face}");
        assert!(thickened.contains('也'), "{face}");
    }
}

/// What the line breaker is told is not in the text of the pages, nor in bookmarks.
#[test]
fn pages_have_no_joiners() {
    let main = "#let g = sheet()\n#show: body-style.with(g)\n\
        #context rich(g, body).map(piece => piece.body).join()";
    let body = "# 第3次·会议\n\n3月28日来了46.5万人次，internationalisation 一词。\n\n| 3月 |\n|--|\n| 5% |";
    let document = pages_of(main, body);
    let text = pages::whole_text(&document);
    assert!(text.contains("46.5万人次") && text.contains("第3次·会议"), "{text}");
    assert!(!text.contains(['\u{2060}', '\u{AD}', '\u{200B}']), "{text}");
    let headings = pages::headings(&document);
    assert_eq!(headings, [(3, "第3次·会议".to_owned())]);
}
