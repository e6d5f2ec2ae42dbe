//! The package `report`: its pages against GB/T 9704-2012, and against its Word draft.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use huikan::project::Package;
use serde_json::json;
use support::draft::{self, Paragraph};
use support::layout::lay_out;
use support::pages::{self, Run};
use support::project::Project;
use typst::layout::Frame;
use typst_layout::PagedDocument;

/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;
/// The type area.
const WIDTH: f64 = 156.0 * MM;
const HEIGHT: f64 = 225.0 * MM;
const ABOVE: f64 = 37.0 * MM;
const FOLD: f64 = 28.0 * MM;
/// The grid.
const LINES: f64 = 22.0;
const CHARACTERS: usize = 28;
const PITCH: f64 = HEIGHT / LINES;
const ADVANCE: f64 = WIDTH / 28.0;
const SIZE: f64 = 16.0;

fn package() -> Package {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/report");
    Package::in_folder(&folder, "templates/report").expect("the report")
}

/// The sample laid out.
fn sample() -> &'static PagedDocument {
    static SAMPLE: OnceLock<PagedDocument> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/report/sample.json");
        let (_, document, said) = lay_out(&path, &package());
        assert_eq!(said, "");
        document
    })
}

/// A project with a dataset, a tall and a wide picture.
fn project_of(data: &serde_json::Value) -> Project {
    let project = Project::empty();
    project.write("huikan.toml", b"");
    project.write("data/x.json", data.to_string().as_bytes());
    for (name, width, height) in [("tall", 300, 900), ("wide", 900, 300)] {
        let picture = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="{width}" height="{height}" fill="gray"/></svg>"#
        );
        project.write(&format!("data/{name}.svg"), picture.as_bytes());
    }
    project
}

/// A dataset laid out.
fn of(data: &serde_json::Value) -> PagedDocument {
    let project = project_of(data);
    let (_, document, said) = lay_out(&project.path().join("data/x.json"), &package());
    assert_eq!(said, "");
    document
}

/// The left edge of a page's type area: the fold is on the left of odd pages.
fn left(page: usize) -> f64 {
    if page % 2 == 1 { FOLD } else { 210.0 * MM - FOLD - WIDTH }
}

fn size(run: &Run<'_>) -> f64 {
    run.item.size.to_pt()
}

fn end(run: &Run<'_>) -> f64 {
    run.at.x.to_pt() + run.item.width().to_pt()
}

fn family(run: &Run<'_>) -> String {
    run.item.font.font().info().family.clone()
}

fn is(length: f64, wanted: f64, slack: f64) -> bool {
    (length - wanted).abs() <= slack
}

/// The line of the grid that a run stands on, from 0, and how far it is off it.
fn line(run: &Run<'_>) -> (f64, f64) {
    let first = ABOVE + (PITCH - SIZE) / 2.0 + 0.88 * SIZE;
    let lines = (run.at.y.to_pt() - first) / PITCH;
    (lines.round(), (lines - lines.round()) * PITCH)
}

/// The lines of body size on a page: each its runs from the left.
fn body_lines(frame: &Frame) -> BTreeMap<i64, Vec<Run<'_>>> {
    let mut lines: BTreeMap<i64, Vec<Run<'_>>> = BTreeMap::new();
    for run in pages::runs(frame).into_iter().filter(|run| is(size(run), SIZE, 0.01)) {
        lines.entry(line(&run).0 as i64).or_default().push(run);
    }
    for runs in lines.values_mut() {
        runs.sort_by_key(|run| run.at.x);
    }
    lines
}

/// The text of a line without what only the line breaker sees.
fn words(runs: &[Run<'_>]) -> String {
    letters(&runs.iter().map(|run| run.item.text.as_str()).collect::<String>())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect()
}

/// The first run of a page that has these words, by page number.
fn find<'a>(document: &'a PagedDocument, wanted: &str) -> (usize, Run<'a>) {
    for (index, page) in document.pages().iter().enumerate() {
        let found = pages::runs(&page.frame)
            .into_iter()
            .find(|run| letters(run.item.text.as_str()).contains(wanted));
        if let Some(run) = found {
            return (index + 1, run);
        }
    }
    panic!("no `{wanted}`")
}

#[test]
fn the_sample_as_it_is_laid_out() {
    insta::assert_snapshot!(pages::describe(sample()));
}

/// Every line of body size of every page stands on one of the 22 lines of its grid.
#[test]
fn lines_stand_on_the_grid() {
    let mut used = BTreeSet::new();
    for (index, page) in sample().pages().iter().enumerate() {
        for run in pages::runs(&page.frame) {
            if is(size(&run), SIZE, 0.01) {
                let (line, off) = line(&run);
                let text = &run.item.text;
                assert!(off.abs() < 0.02, "page {}: `{text}` is {off} pt off", index + 1);
                assert!((0.0..LINES).contains(&line), "page {}: `{text}`", index + 1);
                used.insert(line as i64);
            }
        }
    }
    assert_eq!(used.len(), LINES as usize, "{used:?}");
    let full = sample().pages().iter().filter(|page| {
        let lines = body_lines(&page.frame);
        lines.len() == LINES as usize
    });
    assert!(full.count() >= 3, "too few pages are full");
}

/// A line of 28 characters is as wide as the type area, each of them 15.79 pt.
#[test]
fn full_lines_have_28_characters() {
    let mut full = 0;
    for (index, page) in sample().pages().iter().enumerate() {
        for runs in body_lines(&page.frame).values() {
            let text = words(runs);
            if text.chars().count() != CHARACTERS || !text.chars().all(is_wide) {
                continue;
            }
            let mut places = Vec::new();
            for run in runs {
                let mut x = run.at.x.to_pt();
                for glyph in &run.item.glyphs {
                    let advance = glyph.x_advance.at(run.item.size).to_pt();
                    if advance > 0.5 * SIZE {
                        places.push(x);
                    }
                    x += advance;
                }
            }
            // Marks that are pressed together leave the others wider apart.
            if places.len() != CHARACTERS {
                continue;
            }
            let start = left(index + 1);
            assert!(is(places[0], start, 0.02), "`{text}` begins at {}", places[0]);
            let steps: Vec<f64> =
                places.windows(2).map(|pair| pair[1] - pair[0]).collect();
            if text.chars().all(|c| c.is_alphabetic()) {
                let odd = steps.iter().find(|step| !is(**step, ADVANCE, 0.02));
                assert_eq!(odd, None, "`{text}`");
            }
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            assert!(is(mean, ADVANCE, 0.3), "`{text}`: {mean}");
            full += 1;
        }
    }
    assert!(full >= 12, "{full} lines are full");
}

/// Han characters and marks as wide as they are.
fn is_wide(c: char) -> bool {
    c as u32 > 0x2E80 || matches!(c, '“' | '”' | '—' | '…')
}

/// Twenty-eight characters and twenty-two lines are exact where nothing but Han is set.
#[test]
fn the_type_area_is_exact() {
    let document = of(&json!({ "title": "满版", "body": "科".repeat(28 * 60) }));
    let lines = body_lines(&document.pages()[1].frame);
    assert_eq!(lines.len(), LINES as usize);
    for runs in lines.values() {
        assert_eq!(words(runs).chars().count(), CHARACTERS);
        let mut x = runs[0].at.x.to_pt();
        assert!(is(x, left(2), 0.01), "{x}");
        for glyph in &runs[0].item.glyphs {
            let advance = glyph.x_advance.at(runs[0].item.size).to_pt();
            assert!(is(advance, ADVANCE, 0.02), "{advance}");
            x += advance;
        }
        assert!(is(x, left(2) + WIDTH, 0.02), "{x}");
    }
    let ys: Vec<f64> = lines.values().map(|runs| runs[0].at.y.to_pt()).collect();
    assert!(ys.windows(2).all(|pair| is(pair[1] - pair[0], 28.99, 0.01)), "{ys:?}");
    // The bands of the first and the last line are the edges of the type area.
    let band = |y: f64| y - 0.88 * SIZE - (PITCH - SIZE) / 2.0;
    assert!(is(band(ys[0]), 37.0 * MM, 0.01));
    assert!(is(band(ys[21]) + PITCH, 262.0 * MM, 0.01));
}

/// Faces and sizes of title, levels and text; colour of the head.
#[test]
fn levels_have_their_faces() {
    let fangsong = "Zhuque Fangsong (technical preview)";
    for (wanted, face, height, thick) in [
        ("示例县科学技术协会文件", "Noto Serif SC", 39.4, false),
        ("凝心聚力", "Noto Serif SC", 22.0, false),
        ("在示例县科学技术协会第八次", "Huikan Kai", 16.0, false),
        ("一、过去五年工作回顾", "Noto Sans SC", 16.0, false),
        ("坚持政治引领", "Huikan Kai", 16.0, false),
        ("建立常态化学习机制", fangsong, 16.0, true),
        ("走访慰问形成制度", fangsong, 16.0, false),
        ("我代表示例县科学技术协会", fangsong, 16.0, false),
        ("续表2", "Noto Sans SC", 12.0, false),
    ] {
        let (_, run) = find(sample(), wanted);
        assert_eq!(family(&run), face, "{wanted}");
        assert!(is(size(&run), height, 0.1), "{wanted}: {}", size(&run));
        assert_eq!(run.item.stroke.is_some(), thick, "{wanted}");
    }
    // Quotes are a whole character wide.
    let (_, run) = find(sample(), "“");
    let at = run.item.text.as_str().find('“').expect("a quote");
    let glyph = run.item.glyphs.iter().find(|glyph| glyph.range().start == at);
    let advance = glyph.expect("its glyph").x_advance.at(run.item.size).to_pt();
    assert!(advance > 15.0 && family(&run) == "Noto Serif SC", "{advance}");
}

/// Numbers stand outside, a character from the edge; their dashes are 7 mm below the
/// type area.
#[test]
fn page_numbers_stand_outside() {
    for (index, page) in sample().pages().iter().enumerate() {
        let number = index + 1;
        let runs = pages::runs(&page.frame);
        let below: Vec<&Run<'_>> =
            runs.iter().filter(|run| run.at.y.to_pt() > ABOVE + HEIGHT).collect();
        let text: String = below.iter().map(|run| run.item.text.as_str()).collect();
        assert_eq!(text, format!("— {number} —"));
        assert!(below.iter().all(|run| is(size(run), 14.0, 0.01)));
        assert!(below.iter().all(|run| family(run) == "Noto Serif SC"));
        let first = below.iter().map(|run| run.at.x.to_pt()).fold(f64::MAX, f64::min);
        let last = below.iter().map(|run| end(run)).fold(0.0, f64::max);
        match number % 2 {
            1 => assert!(is(last, left(number) + WIDTH - ADVANCE, 0.05), "{last}"),
            _ => assert!(is(first, left(number) + ADVANCE, 0.05), "{first}"),
        }
        let font = &below[0].item.font;
        let mut dash = font.ttf().glyph_index('—').expect("a dash");
        dash.0 = below[0].item.glyphs[0].id;
        let bounds = font.ttf().glyph_bounding_box(dash).expect("its bounds");
        let middle = f64::from(bounds.y_min + bounds.y_max) / 2.0 / font.units_per_em();
        let y = below[0].at.y.to_pt() - middle * 14.0;
        assert!(
            is(y, ABOVE + HEIGHT + 7.0 * MM, 0.3),
            "{} mm",
            (y - ABOVE - HEIGHT) / MM
        );
    }
}

/// The date ends four characters before the edge; the name stands above its middle.
#[test]
fn the_signature_stands_by_the_rule() {
    let page = sample().pages().len() - 3;
    let lines = body_lines(&sample().pages()[page - 1].frame);
    let of = |wanted: &str| {
        let mut lines = lines.values().filter(|runs| words(runs) == wanted);
        let runs = lines.next().expect(wanted);
        (runs[0].at.x.to_pt(), end(&runs[runs.len() - 1]), line(&runs[0]).0)
    };
    let (start, finish, row) = of("2023年3月28日");
    assert!(is(finish, left(page) + WIDTH - 4.0 * ADVANCE, 0.3), "{finish}");
    let (name_start, name_end, name_row) = of("示例县科学技术协会");
    assert!(is(f64::midpoint(name_start, name_end), f64::midpoint(start, finish), 0.2));
    assert!(is(name_row, row - 1.0, 0.01));
}

/// Where lines may not begin or end, and what stays together.
#[test]
fn lines_break_where_they_may() {
    // Each filler moves what follows by a character.
    let marks = "约翰·史密斯说，23家单位用10 030元在2018—2022年、25℃时增长5%，占3～5成。";
    let body: Vec<String> =
        (0..40).map(|n| "科".repeat(n) + &marks.repeat(3) + "结束了。").collect();
    let data = json!({ "title": "断行", "body": body.join("\n\n") });
    let hard = of(&data);
    for page in sample().pages().iter().chain(hard.pages()) {
        let lines: Vec<String> =
            body_lines(&page.frame).values().map(|runs| words(runs)).collect();
        for (this, next) in lines.iter().zip(lines.iter().skip(1)) {
            let (Some(last), Some(first)) = (this.chars().last(), next.chars().next())
            else {
                continue;
            };
            assert!(
                !"，。、；：？！）》〉”’·～—℃%％…".contains(first)
                    || next.starts_with("——"),
                "{this}|{next}"
            );
            assert!(!"（《〈“‘".contains(last), "{this}|{next}");
            let number = last.is_ascii_digit();
            let paragraph_goes_on = end_of(page, this) > 0.9;
            if number && paragraph_goes_on {
                assert!(!first.is_alphanumeric(), "{this}|{next}");
            }
            assert!(!(last == '—' && first.is_ascii_digit()), "{this}|{next}");
        }
        // One character and a mark are too little of a last line.
        let short = lines.iter().find(|line| {
            line.chars().count() <= 2
                && line.chars().last().is_some_and(|c| "。！？”".contains(c))
        });
        assert_eq!(short, None);
    }
}

/// How far a line reaches over the type area.
fn end_of(page: &typst_layout::Page, wanted: &str) -> f64 {
    let lines = body_lines(&page.frame);
    let runs = lines.values().find(|runs| words(runs) == wanted).expect("the line");
    (end(&runs[runs.len() - 1]) - runs[0].at.x.to_pt()) / WIDTH
}

/// A heading has two lines of its text, or its next heading, below it on its page.
#[test]
fn headings_are_never_left_behind() {
    let section = |n: usize| format!("# 一、题\n\n## （一）题\n\n{}。", "科".repeat(n));
    let body: Vec<String> = (20..60).map(|n| section(n * 3)).collect();
    let document = of(&json!({ "title": "标题", "body": body.join("\n\n") }));
    for page in document.pages() {
        let lines = body_lines(&page.frame);
        let last: Vec<String> =
            lines.values().rev().take(2).map(|runs| words(runs)).collect();
        assert!(last.iter().all(|line| !line.contains('题')), "{last:?}");
    }
}

/// Whatever is too long, too wide or too high stays inside the type area.
#[test]
fn nothing_is_cut_off() {
    let long = "全县科技工作者".repeat(12);
    let heads: Vec<String> = (0..14).map(|n| format!("指标{n}")).collect();
    let row = format!("| {} |\n", vec!["1234567.89"; 14].join(" | "));
    let table =
        format!("| {} |\n{}|\n{}", heads.join(" | "), "|--".repeat(14), row.repeat(30));
    let body = format!(
        "# 一、{long}\n\n## （一）空节\n\n## （二）空节\n\n![高](tall.svg)\n\n##### 图1　高的照片\n\n\
         ![宽](wide.svg)\n\n##### 表1　宽表\n\n{table}\n| 项目 | 内容 |\n|--|--|\n| 长 | {} |\n\n{long}",
        long.repeat(10)
    );
    let organs =
        json!(["示例县科学技术协会", "示例县人力资源和社会保障局", "示例县财政局"]);
    let document = of(&json!({
        "head": {
            "organs": organs, "suffix": "文件", "number": "示科协发〔2023〕12号",
            "signers": ["张示例", "李示例"], "copy": "000001", "secrecy": "机密★1年", "urgency": "特急"
        },
        "title": format!("关于{}的工作报告", &long[..150]),
        "salutation": format!("{long}："),
        "body": body,
        "attachments": [{ "title": long, "body": "# 一、空" }],
        "signature": { "names": [long], "date": "2023-12-31" },
        "imprint": { "copies": long, "issuer": "示例县科学技术协会办公室" }
    }));
    for (index, page) in document.pages().iter().enumerate() {
        let start = left(index + 1);
        for run in pages::runs(&page.frame) {
            let (x, y, long) =
                (run.at.x.to_pt(), run.at.y.to_pt(), run.item.width().to_pt());
            let (right, top) = if run.turned { (x, y - long) } else { (x + long, y) };
            // A mark may end a line with its blank half outside, and numbers stand below.
            let inside = x >= start - 0.5
                && right <= start + WIDTH + 8.5
                && top >= ABOVE
                && y <= ABOVE + HEIGHT + 9.0 * MM;
            assert!(inside, "page {}: `{}` at {x}, {y}", index + 1, run.item.text);
        }
    }
    let text = pages::whole_text(&document);
    assert_eq!(text.matches("1234567.89").count(), 14 * 30);
    let turned = document.pages().iter().flat_map(|page| pages::runs(&page.frame));
    let turned = turned.filter(|run| run.turned && run.item.text == "1234567.89");
    assert_eq!(turned.count(), 14 * 30);
}

/// Pictures of the draft have room on its pages, and their lines are as high as they are.
#[test]
fn pictures_of_the_draft_are_whole() {
    let body = "![高](tall.svg)\n\n![宽](wide.svg)\n\n文字。";
    let project = project_of(&json!({ "title": "图片", "body": body }));
    let run = project.run(&["build", "-t", "report", "-f", "docx", "-o", "out"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let draft = project.path().join("out/x-report.docx");
    let xml = draft::part(&draft, "word/document.xml");
    let number = |text: &str, name: &str| -> f64 {
        let from = text.find(&format!("{name}=\"")).expect(name) + name.len() + 2;
        let digits = text[from..].split('"').next().expect("a value");
        digits.parse().expect("a number")
    };
    let sizes: Vec<(f64, f64)> = xml
        .split("<wp:extent ")
        .skip(1)
        .map(|text| (number(text, "cx") / 36_000.0, number(text, "cy") / 36_000.0))
        .collect();
    assert_eq!(sizes.len(), 2);
    assert!(sizes.iter().all(|(width, height)| *width < 156.1 && *height < 113.0));
    assert!(is(sizes[1].0, 156.0, 0.1) && is(sizes[0].1, 112.5, 0.1), "{sizes:?}");
    let styles = draft::part(&draft, "word/styles.xml");
    let normal = styles.split("w:styleId=\"Normal\"").nth(1).expect("a style");
    let normal = normal.split("</w:style>").next().expect("its end");
    assert!(normal.contains("w:lineRule=\"atLeast\""), "{normal}");
}

/// PDF and Word draft say the same in the same order.
#[test]
fn both_sides_say_the_same() {
    let project = Project::empty();
    let run = project.run(&["init", "own", "--template", "report"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = project.run(&["build", "--project", "own", "-f", "docx", "-o", "out"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let draft = project.path().join("out/sample-report.docx");
    let body = draft::paragraphs(&draft, "word/document.xml");

    let mut printed = printed(sample());
    let mut skipped = Vec::new();
    for Paragraph { text, .. } in &body {
        let wanted = letters(text);
        let at =
            printed.find(&wanted).unwrap_or_else(|| panic!("no `{wanted}` in {printed}"));
        skipped.extend((at > 0).then(|| printed[..at].to_owned()));
        printed = printed.split_off(at + wanted.len());
    }
    assert_eq!(printed, "");
    let cell = body.iter().find(|paragraph| paragraph.text == "牵头单位");
    assert_eq!(cell.expect("a cell").style, "TableText");
    // A table that goes on says so and repeats its head.
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert!(
        skipped[0].starts_with("续表2") && skipped[0].ends_with("牵头单位"),
        "{skipped:?}"
    );

    let level =
        |paragraph: &Paragraph| paragraph.style.strip_prefix("Heading")?.parse().ok();
    let headings: Vec<(usize, String)> = body
        .iter()
        .filter_map(|paragraph| Some((level(paragraph)?, letters(&paragraph.text))))
        .filter(|(level, _)| *level < 5)
        .collect();
    // Titles of attachments have a style of their own in Word.
    let outline: Vec<(usize, String)> = pages::headings(sample())
        .into_iter()
        .filter(|(_, words)| !words.starts_with("附件"))
        .map(|(level, words)| (level, letters(&words)))
        .collect();
    assert_eq!(headings, outline);

    let notes: String = draft::paragraphs(&draft, "word/footnotes.xml")
        .iter()
        .map(|note| letters(&note.text))
        .collect();
    assert_eq!(notes, printed_notes(sample()));
}

/// The words of the type area but notes, their marks and page numbers.
fn printed(document: &PagedDocument) -> String {
    let of_page = |frame| {
        let inside =
            |run: &Run<'_>| run.at.y.to_pt() < ABOVE + HEIGHT && size(run) > 11.0;
        let runs = pages::runs(frame).into_iter().filter(inside);
        runs.map(|run| letters(run.item.text.as_str())).collect::<String>()
    };
    document.pages().iter().map(|page| of_page(&page.frame)).collect()
}

/// The words of notes without their marks.
fn printed_notes(document: &PagedDocument) -> String {
    let small = |run: &Run<'_>| is(size(run), 0.66 * SIZE, 0.01);
    let runs = document.pages().iter().flat_map(|page| pages::runs(&page.frame));
    runs.filter(small).map(|run| letters(run.item.text.as_str())).collect()
}
