//! The package `booklet`: its pages as a printer looks at them.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::OnceLock;

use huikan::project::{Package, Resolved};
use serde_json::{Value, json};
use support::layout::lay_out;
use support::pages::{self, Run};
use support::project::Project;
use typst::foundations::{NativeElement, Packed, StyleChain};
use typst::introspection::Tag;
use typst::layout::{Abs, Frame, FrameItem, Point};
use typst::model::HeadingElem;
use typst_layout::PagedDocument;

/// The grid of the pages, in points.
const PITCH: f64 = 16.0;
const ABOVE: f64 = 66.0;
const LINES: f64 = 28.0;
/// Pages before the one with the number 1.
const FRONT: usize = 4;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/booklet")
}

fn package() -> Package {
    Package::in_folder(&folder(), "templates/booklet").expect("the booklet")
}

/// The sample and its pages.
fn sample() -> &'static (Resolved, PagedDocument) {
    static SAMPLE: OnceLock<(Resolved, PagedDocument)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let (resolved, document, said) =
            lay_out(&folder().join("sample.json"), &package());
        assert_eq!(said, "");
        (resolved, document)
    })
}

/// A dataset without pictures laid out.
fn of(data: &Value) -> (Resolved, PagedDocument) {
    let project = Project::empty();
    project.write("huikan.toml", b"");
    project.write("data/x.json", data.to_string().as_bytes());
    let (resolved, document, said) =
        lay_out(&project.path().join("data/x.json"), &package());
    assert_eq!(said, "");
    (resolved, document)
}

/// The least that a booklet has, with some parts.
fn small(parts: &Value) -> Value {
    let mut data = json!({
        "edition": {
            "organisation": "示例县科协", "event": "示例县科协第八次代表大会",
            "session": 8, "year": 2025
        },
        "cover": { "title": "会议手册" }
    });
    let fields = data.as_object_mut().expect("an object");
    for (key, part) in parts.as_object().expect("parts") {
        fields.insert(key.clone(), part.clone());
    }
    data
}

/// A heading as it is in the outline, where it stands.
#[derive(Debug)]
struct Head {
    page: usize,
    level: usize,
    text: String,
    listed: bool,
    /// From the page's corner to the top of what it shows.
    y: f64,
}

/// The headings of a document, in order.
fn heads(document: &PagedDocument) -> Vec<Head> {
    fn walk(frame: &Frame, origin: Point, page: usize, found: &mut Vec<Head>) {
        for (at, item) in frame.items() {
            match item {
                FrameItem::Group(group) => {
                    let shift = Point::new(group.transform.tx, group.transform.ty);
                    walk(&group.frame, origin + *at + shift, page, found);
                }
                FrameItem::Tag(Tag::Start(content, _))
                    if content.elem() == HeadingElem::ELEM =>
                {
                    let heading: &Packed<HeadingElem> =
                        content.to_packed().expect("a heading");
                    let styles = StyleChain::default();
                    found.push(Head {
                        page,
                        level: heading.resolve_level(styles).get(),
                        text: heading.body.plain_text().into(),
                        listed: heading.outlined.get(styles),
                        y: (origin + *at).y.to_pt(),
                    });
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for (index, page) in document.pages().iter().enumerate() {
        walk(&page.frame, Point::zero(), index, &mut found);
    }
    found
}

fn size(run: &Run<'_>) -> f64 {
    run.item.size.to_pt()
}

fn y(run: &Run<'_>) -> f64 {
    run.at.y.to_pt()
}

/// The text of the runs of a page between two heights.
fn text_between(page: &Frame, from: f64, to: f64) -> String {
    let runs = pages::runs(page);
    let inside = runs.iter().filter(|run| from < y(run) && y(run) < to);
    inside.map(|run| run.item.text.as_str()).collect()
}

fn running_head(page: &Frame) -> String {
    text_between(page, 0.0, ABOVE - 12.0)
}

fn folio(page: &Frame) -> String {
    text_between(page, ABOVE + LINES * PITCH + 10.0, page.size().y.to_pt())
}

/// A new project with the sample meets both standards without a warning.
#[test]
fn init_gives_a_project_that_builds() {
    let project = Project::empty();
    let run = project.run(&["init", "congress", "--template", "booklet"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let arguments = [
        "build",
        "--project",
        "congress",
        "--deny-warnings",
        "--pdf-standard",
        "a-2a,ua-1",
    ];
    let run = project.run(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(project.path().join("congress/out/sample-booklet.pdf").is_file());
}

/// What a reader finds on a few pages: contents, a day, a delegation, a report.
#[test]
fn telling_pages() {
    let (_, document) = sample();
    let heads = heads(document);
    let page_of = |text: &str| {
        let head = heads.iter().find(|head| head.text == text);
        head.unwrap_or_else(|| panic!("no heading {text}")).page
    };
    let shown = [2, page_of("大会日程"), page_of("第三代表团"), page_of("工作报告")];
    let mut golden = String::new();
    for index in shown {
        let page = &document.pages()[index].frame;
        let text = pages::text(page).replace('\u{2060}', "");
        let _ = writeln!(golden, "== page {}\n{text}\n", index + 1);
    }
    golden.push_str("== outline\n");
    for head in &heads {
        let indent = "  ".repeat(head.level - 1);
        let _ = writeln!(golden, "{indent}{} {}", head.text, head.page + 1);
    }
    insta::assert_snapshot!(golden);
}

/// Saddle stitch wants a multiple of four, whatever the content.
#[test]
fn pages_are_a_multiple_of_four() {
    let (_, document) = sample();
    assert_eq!(document.pages().len() % 4, 0);
    for count in 0..6 {
        let body = "一段文字。\n\n".repeat(count * 30 + 1);
        let (_, document) =
            of(&small(&json!({ "notice": { "title": "须知", "body": body } })));
        assert_eq!(document.pages().len() % 4, 0, "{count}");
        // What is filled up has no furniture.
        let text = pages::whole_text(&document).replace('\u{2060}', "");
        assert!(text.contains("一段文字"), "{text}");
        let (last, rest) = document.pages().split_last().expect("pages");
        assert_eq!(pages::text(&last.frame), "");
        let blank = rest.iter().skip(FRONT).filter(|page| folio(&page.frame).is_empty());
        assert!(blank.clone().count() <= 3);
        assert!(blank.into_iter().all(|page| running_head(&page.frame).is_empty()));
    }
}

/// Every page number counts from the first section on.
#[test]
fn folios_count_from_the_first_section() {
    let (_, document) = sample();
    for (index, page) in document.pages().iter().enumerate().skip(FRONT) {
        let folio = folio(&page.frame);
        // Blank pages and the back cover have none.
        let expected = (index + 1 - FRONT).to_string();
        assert!(folio == expected || pages::runs(&page.frame).len() < 2, "{folio}");
    }
}

/// The table of contents has every section and part, with the page it stands on.
#[test]
fn contents_tell_the_right_pages() {
    let (_, document) = sample();
    let contents: String = document.pages()[2..FRONT]
        .iter()
        .map(|page| pages::text(&page.frame).replace(['.', '\n', ' '], ""))
        .collect();
    let heads = heads(document);
    let listed: Vec<&Head> =
        heads.iter().filter(|head| head.listed && head.level <= 2).collect();
    assert!(listed.len() > 30, "{listed:?}");
    let mut rest = contents.as_str();
    for head in listed {
        let entry = format!("{}{}", head.text, head.page + 1 - FRONT);
        let at = rest.find(&entry).unwrap_or_else(|| panic!("no `{entry}` in {rest}"));
        rest = &rest[at + entry.len()..];
        assert!(!rest.starts_with(|c: char| c.is_ascii_digit()), "{entry}");
    }
}

/// A page's running head is the section that it belongs to; a section's first page
/// has none.
#[test]
fn running_heads_name_the_section() {
    let (_, document) = sample();
    let heads = heads(document);
    let documents = heads.iter().position(|head| head.text == "会议文件");
    let documents = heads[documents.expect("documents")].page;
    let after = heads.iter().find(|head| head.level == 1 && head.page > documents);
    let after = after.expect("a section after the documents").page;
    let opens = |head: &&Head| {
        let in_documents = documents < head.page && head.page < after;
        head.level == 1 || (head.level == 2 && in_documents)
    };
    let mut checked = 0;
    for (index, page) in document.pages().iter().enumerate().skip(FRONT) {
        let shown = running_head(&page.frame);
        if pages::runs(&page.frame).is_empty() || index + 1 == document.pages().len() {
            assert_eq!(shown, "", "page {}", index + 1);
            continue;
        }
        let last = heads.iter().filter(opens).rfind(|head| head.page <= index);
        let last = last.expect("a section");
        let expected = if last.page == index { "" } else { last.text.as_str() };
        assert_eq!(shown, expected, "page {}", index + 1);
        checked += usize::from(!expected.is_empty());
    }
    assert!(checked > 30, "{checked}");
}

/// Below each heading there is more on its page.
#[test]
fn no_heading_is_the_last_of_a_page() {
    let (_, document) = sample();
    let foot = ABOVE + LINES * PITCH + 10.0;
    for head in heads(document) {
        let page = &document.pages()[head.page].frame;
        let name: String = head.text.split_whitespace().collect();
        let below = text_between(page, head.y, foot).replace('\u{2060}', "");
        let below: String = below.split_whitespace().collect();
        let text = below.replacen(&name, "", 1);
        let pictures = has_picture(page);
        assert!(text.chars().count() > 3 || pictures, "{head:?}: {below}");
    }
}

fn has_picture(frame: &Frame) -> bool {
    frame.items().any(|(_, item)| match item {
        FrameItem::Group(group) => has_picture(&group.frame),
        FrameItem::Image(..) | FrameItem::Shape(..) => true,
        _ => false,
    })
}

/// Body lines stand on one grid, on all pages of documents, and none is one character.
#[test]
fn body_lines_stand_on_one_grid() {
    let (_, document) = sample();
    let heads = heads(document);
    let of =
        |text: &str| heads.iter().find(|head| head.text == text).map(|head| head.page);
    let (first, last) = (of("会议文件"), of("数字里的五年"));
    let pages = first.expect("documents") + 1..last.expect("figures");
    let mut lines: BTreeMap<(usize, i64), String> = BTreeMap::new();
    for index in pages {
        for run in pages::runs(&document.pages()[index].frame) {
            let body = run.item.font.font().info().family == "Noto Serif SC"
                && (size(&run) - 10.0).abs() < 0.01;
            if body {
                let at = (index, (y(&run) * 100.0).round() as i64);
                lines.entry(at).or_default().push_str(&run.item.text);
            }
        }
    }
    assert!(lines.len() > 500, "{}", lines.len());
    let step = |y: i64| (y - (ABOVE * 100.0) as i64).rem_euclid((PITCH * 100.0) as i64);
    let grid = lines.keys().next().map(|(_, y)| step(*y));
    for ((page, y), text) in &lines {
        assert_eq!(Some(step(*y)), grid, "page {}: {text}", page + 1);
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        assert!(letters >= 2, "page {}: {text}", page + 1);
    }
}

/// The plan shows each seat of the data once, and each person who has one.
#[test]
fn the_plan_has_the_seats_of_the_data() {
    let (resolved, document) = sample();
    let rows = resolved.value["hall"]["_auto"]["rows"].as_array().expect("rows");
    let cells: Vec<&Value> =
        rows.iter().flat_map(|row| row["cells"].as_array().expect("cells")).collect();
    assert_eq!(cells.len(), 24 * 16);
    let start = heads(document).into_iter().find(|head| head.text == "会场座次");
    let start = start.expect("a plan").page;
    // An overview on a right-hand page, then two facing pages.
    assert_eq!(start % 2, 0);
    let seats: Vec<&Frame> =
        document.pages()[start + 1..start + 3].iter().map(|page| &page.frame).collect();
    let numbers =
        seats.iter().flat_map(|page| pages::runs(page)).filter(|run| size(run) == 4.5);
    let numbers =
        numbers.filter(|run| run.item.text.chars().all(|c| c.is_ascii_digit())).count();
    assert_eq!(numbers, cells.len());
    let shown: String = seats.iter().map(|page| pages::text(page)).collect();
    let shown = shown.replace(['\u{2060}', '\n'], "");
    for cell in cells.iter().filter(|cell| cell["kind"] == "person") {
        let label = cell["label"].as_str().expect("a name").replace('\u{2060}', "");
        let name = label.split('（').next().unwrap_or_default();
        assert!(shown.contains(name), "no {name}");
    }
}

/// A delegation that goes on says so, and nobody is cut in two.
#[test]
fn a_long_delegation_goes_on() {
    let unit = "示例县高山蔬菜新品种选育与病虫害绿色防控联合攻关示范工作站副站长";
    let people: Vec<Value> = (1..=70)
        .map(|k| {
            json!({ "name": format!("丁{}", huikan::data::numerals::cn(&k.to_string()).expect("a number")), "sex": "女", "ethnicity": "汉族", "unit": unit })
        })
        .collect();
    let name = "一个名称特别特别长、长到标题一行放不下、不得不分成几行来排印、排印出来还要整整齐齐不出边的代表团名称在这里";
    let rosters = json!({ "title": "代表名单", "order": "原序", "delegations": [
        { "name": "甲团", "members": [] },
        { "name": name, "members": people },
        { "name": "丙团", "members": [{ "name": "阿卜杜热合曼·买买提·吐尔逊", "sex": "男", "ethnicity": "维吾尔族", "unit": "医院" }] },
    ] });
    let (_, document) = of(&small(&json!({ "rosters": rosters })));
    let texts: Vec<String> = document
        .pages()
        .iter()
        .map(|page| pages::text(&page.frame).replace(['\u{2060}', '\n'], ""))
        .collect();
    let again = format!("{name}（续）");
    let count = texts.iter().filter(|text| text.contains(&again)).count();
    assert!(count >= 4, "{count}");
    // The last line of each unit stands on the page of its first.
    for text in &texts {
        let starts = text.matches("示例县高山").count();
        assert_eq!(starts, text.matches("副站长").count(), "{text}");
    }
    assert!(texts.concat().contains("阿卜杜热合曼·买买提·吐尔逊"));
    let right = document.pages()[0].frame.size().x - Abs::mm(10.0);
    for page in document.pages().iter().skip(2) {
        for run in pages::runs(&page.frame) {
            assert!(run.at.x + run.item.width() < right, "{}", run.item.text);
        }
    }
}
