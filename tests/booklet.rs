//! The package `booklet`: its pages as a printer looks at them.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::OnceLock;

use huikan::project::{Package, Resolved};
use serde_json::{Value, json};
use support::draft::{self, Paragraph};
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
        seats.iter().flat_map(|page| pages::runs(page)).filter(|run| size(run) == 6.0);
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
        { "name": "甲团", "note": "待补选", "members": [] },
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

/// The drafts of some datasets, by name, built at once.
fn drafts(datasets: &[(&str, Value)]) -> Project {
    let project = Project::empty();
    project.write("huikan.toml", b"");
    for (name, data) in datasets {
        project.write(&format!("data/{name}.json"), data.to_string().as_bytes());
    }
    let run = project.run(&["build", "-t", "booklet", "-f", "docx", "-o", "out"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    project
}

fn draft_of(project: &Project, name: &str) -> std::path::PathBuf {
    project.path().join(format!("out/{name}-booklet.docx"))
}

/// The body of the sample's draft, and its paragraphs.
fn sample_draft() -> &'static (String, Vec<Paragraph>) {
    static DRAFT: OnceLock<(String, Vec<Paragraph>)> = OnceLock::new();
    DRAFT.get_or_init(|| {
        let project = Project::empty();
        let run = project.run(&["init", "own", "--template", "booklet"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let run = project.run(&["build", "--project", "own", "-f", "docx", "-o", "out"]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let draft = draft_of(&project, "sample");
        let body = draft::part(&draft, "word/document.xml");
        (body, draft::paragraphs(&draft, "word/document.xml"))
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What the contents list in both: sections, delegations and lists, documents.
fn listed(paragraphs: &[Paragraph]) -> Vec<String> {
    let in_contents = ["Heading1", "ListedHeading", "ShortTitle"];
    let found = paragraphs.iter().filter(|one| in_contents.contains(&one.style.as_str()));
    found.map(|one| letters(&one.text)).collect()
}

/// The draft has the headings of the pages, its contents list the same as theirs.
#[test]
fn the_draft_has_the_headings_of_the_pages() {
    let (_, document) = sample();
    let (_, paragraphs) = sample_draft();
    let heads = heads(document);
    let shown = heads.iter().filter(|head| head.listed);
    let shown: Vec<String> = shown.map(|head| letters(&head.text)).collect();
    // Those of lists have a note beside the name.
    let begin_alike = |found: &[String]| {
        assert_eq!(found.len(), shown.len());
        for (found, shown) in found.iter().zip(&shown) {
            assert!(found.starts_with(shown), "{found}, {shown}");
        }
    };
    begin_alike(&listed(paragraphs));
    let contents: Vec<String> = paragraphs
        .iter()
        .filter(|one| one.style.starts_with("TOC") && one.style != "TOCHeading")
        .map(|one| letters(&one.text))
        .collect();
    begin_alike(&contents);
    // All the other headings; those inside of documents on their level.
    for head in heads.iter().filter(|head| !head.listed && head.level > 1) {
        let words = letters(&head.text);
        let is_it = |one: &&Paragraph| {
            one.style.starts_with("Heading") && letters(&one.text).starts_with(&words)
        };
        let found = paragraphs.iter().find(is_it);
        let found = found.unwrap_or_else(|| panic!("no heading {}", head.text));
        let level = if head.level > 2 {
            format!("Heading{}", head.level)
        } else {
            found.style.clone()
        };
        assert_eq!(found.style, level, "{}", head.text);
    }
}

/// The words of pages, without furniture and notes.
fn words_of(document: &PagedDocument, index: usize) -> String {
    let foot = ABOVE + LINES * PITCH + 10.0;
    let runs = pages::runs(&document.pages()[index].frame);
    let inside = runs.iter().filter(|run| {
        let family = &run.item.font.font().info().family;
        let note = family == "Noto Serif SC" && (size(run) - 8.0).abs() < 0.01;
        ABOVE - 12.0 < y(run) && y(run) < foot && !note
    });
    let words: String = inside.map(|run| run.item.text.as_str()).collect();
    letters(&words).replace(|c| ('①'..='⑳').contains(&c), "")
}

/// From the first section to the last, the draft says what the pages say, in their
/// order; what pages say more often is what a table says again where it goes on.
#[test]
fn the_draft_says_what_the_pages_say() {
    let (_, document) = sample();
    let (xml, paragraphs) = sample_draft();
    let heads = heads(document);
    let page_of =
        |text: &str| heads.iter().find(|head| head.text == text).map(|head| head.page);
    // The plan is drawn: its own test looks at it.
    let plan =
        page_of("会场座次").expect("a plan")..page_of("会议文件").expect("documents");
    let all = (FRONT..document.pages().len() - 1).filter(|index| !plan.contains(index));
    let mut printed: String = all.map(|index| words_of(document, index)).collect();
    let (mut in_plan, mut checked, mut again) = (false, 0, String::new());
    let body = paragraphs.iter().skip_while(|one| one.style != "Heading1");
    for one in
        body.filter(|one| !["ShortTitle", "BackLine"].contains(&one.style.as_str()))
    {
        if one.style == "Heading1" {
            in_plan = one.text == "会场座次";
        }
        let wanted = letters(&one.text);
        if in_plan || wanted.is_empty() {
            continue;
        }
        let Some(at) = printed.find(&wanted) else {
            panic!("no `{wanted}` in {}…", printed.chars().take(300).collect::<String>());
        };
        again += &printed[..at];
        printed = printed.split_off(at + wanted.len());
        checked += 1;
    }
    assert!(checked > 1500, "{checked}");
    again += &printed;
    // The numbers of lists are Word's own.
    again.retain(|c| !c.is_ascii_digit());
    for repeated in
        ["姓名性别民族单位职务", "职务姓名单位职务", "第八届委员会委员候选人续", "续表"]
    {
        again = again.replace(repeated, "");
    }
    // Charts are Word's own: their words are in parts of their own, and in what stands
    // for them.
    let charts = xml.split("<wp:docPr ").filter(|rest| rest.contains("name=\"chart"));
    for description in charts.filter_map(|rest| rest.split("descr=\"").nth(1)) {
        let told = description.split('"').next().unwrap_or_default();
        let mut words: Vec<&str> = told.split(|c: char| !c.is_alphabetic()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            again = again.replace(word, "");
        }
    }
    assert_eq!(again, "");
}

/// The tables of a body, each as its rows.
fn tables(body: &str) -> Vec<Vec<&str>> {
    let tables = body.split("<w:tbl>").skip(1);
    let inside = tables.map(|text| text.split("</w:tbl>").next().unwrap_or_default());
    inside.map(|table| table.split("<w:tr>").skip(1).collect()).collect()
}

/// No person is cut in two, heads are repeated, and a delegation has a row for each.
#[test]
fn rosters_of_the_draft_have_a_row_a_person() {
    let (resolved, _) = sample();
    let (body, _) = sample_draft();
    let tables = tables(body);
    let of_people: Vec<_> =
        tables.iter().filter(|rows| rows[0].contains(">性别<")).collect();
    let delegations = resolved.value["rosters"]["delegations"].as_array().expect("some");
    let lists = resolved.value["others"]["lists"].as_array().expect("some");
    let people = |list: &Value, key: &str| list[key].as_array().expect("people").clone();
    let expected: Vec<Vec<Value>> = delegations
        .iter()
        .map(|list| people(list, "members"))
        .chain(lists[..2].iter().map(|list| people(list, "people")))
        .collect();
    assert_eq!(of_people.len(), expected.len());
    for (rows, people) in of_people.iter().zip(&expected) {
        assert!(rows[0].contains("<w:tblHeader/>"));
        assert!(rows.iter().all(|row| row.contains("<w:cantSplit/>")));
        assert_eq!(rows.len(), 1 + people.len());
        for person in people {
            let name = person["name"].as_str().expect("a name");
            let spread = name.chars().count() == 2;
            let row =
                rows.iter().find(|row| letters(&plain(row)).contains(&letters(name)));
            let row = row.unwrap_or_else(|| panic!("no row of {name}"));
            assert_eq!(row.contains("w:fitText"), spread, "{name}");
        }
    }
}

/// The text of a piece of XML.
fn plain(xml: &str) -> String {
    let pieces = xml.split("<w:t xml:space=\"preserve\">").skip(1);
    pieces.map(|piece| piece.split("</w:t>").next().unwrap_or_default()).collect()
}

/// The draft's plan has a cell for each seat, shaded if it is somebody's, and an aisle
/// behind the seats that the data say.
#[test]
fn the_plan_of_the_draft_has_the_seats_of_the_data() {
    let (resolved, _) = sample();
    let (body, _) = sample_draft();
    let rows = resolved.value["hall"]["_auto"]["rows"].as_array().expect("rows");
    let seats: Vec<&str> = body
        .split("<w:tc>")
        .filter(|cell| cell.contains("w:val=\"SeatNumber\""))
        .map(|cell| cell.split("</w:tc>").next().unwrap_or_default())
        .collect();
    assert_eq!(seats.len(), 24 * 16);
    // The left half comes first, row by row, then the right one.
    let halves = [0..8, 8..16].map(|half| {
        rows.iter().flat_map(move |row| {
            let cells = row["cells"].as_array().expect("cells");
            half.clone().map(move |at| (at, &cells[at]))
        })
    });
    for ((at, cell), seat) in halves.into_iter().flatten().zip(seats) {
        let label = cell["label"].as_str().unwrap_or_default();
        let name = label.split('（').next().unwrap_or_default();
        let number = cell["number"].to_string();
        assert_eq!(letters(&plain(seat)), number + &letters(name));
        assert_eq!(seat.contains("<w:shd "), cell["kind"] != "free", "{label}");
        let aisle = seat.contains("<w:right w:val=\"single\" w:sz=\"48\"");
        assert_eq!(aisle, [3, 11].contains(&at), "{at}");
    }
    let stages = body.matches("<w:pStyle w:val=\"Stage\"/>").count();
    assert_eq!(stages, 3, "the whole hall and its halves");
}

/// Each part alone gives its section and nothing else; a booklet without any has a cover
/// and its back. No empty paragraphs stay but those that Word wants between tables.
#[test]
fn the_draft_prints_nothing_of_what_is_not_there() {
    let sample: Value = serde_json::from_str(
        &std::fs::read_to_string(folder().join("sample.json")).expect("the sample"),
    )
    .expect("JSON");
    let parts = [
        "notice",
        "agenda",
        "organisation",
        "grouping",
        "rosters",
        "others",
        "documents",
        "results",
        "contacts",
        "notes",
    ];
    let mut datasets = vec![("bare", small(&json!({})))];
    for part in parts {
        let mut alone = json!({ part: sample[part] });
        // Texts refer to figures.
        alone["figures"] = sample["figures"].clone();
        datasets.push((part, small(&alone)));
    }
    let hall = json!({ "title": "座次", "rows": 2, "seats": 3, "numbering": "across", "viewpoint": "stage" });
    datasets.push(("hall", small(&json!({ "hall": hall }))));
    let project = drafts(&datasets);
    for (name, data) in &datasets {
        let draft = draft_of(&project, name);
        let body = draft::part(&draft, "word/document.xml");
        let paragraphs = draft::paragraphs(&draft, "word/document.xml");
        let titles = paragraphs.iter().filter(|one| one.style == "Heading1");
        let titles: Vec<&str> = titles.map(|one| one.text.as_str()).collect();
        let expected = data[*name]["title"].as_str();
        assert_eq!(titles, Vec::from_iter(expected), "{name}");
        if *name == "bare" {
            let said: Vec<&str> =
                paragraphs.iter().map(|one| one.text.as_str()).collect();
            assert_eq!(said, ["示例县科协第八次代表大会", "会议手册"]);
        }
        assert_no_gaps(name, &body);
    }
}

/// Outside of tables, whatever is empty is of a style that is made for it.
fn assert_no_gaps(name: &str, body: &str) {
    let mut outside = String::new();
    for piece in body.split("<w:tbl>") {
        outside += piece.rsplit("</w:tbl>").next().unwrap_or_default();
    }
    for paragraph in outside.split("<w:p>").skip(1) {
        let paragraph = paragraph.split("</w:p>").next().unwrap_or_default();
        let made = ["SectionEnd", "TableGap", "PlanBreak"]
            .map(|style| format!("w:val=\"{style}\""));
        let empty = plain(paragraph).is_empty() && !paragraph.contains("<w:drawing>");
        assert!(
            !empty || made.iter().any(|style| paragraph.contains(style)),
            "{name}: {paragraph}"
        );
    }
}

/// Long titles of posts, long names, a delegation without members and one person.
#[test]
fn hard_people_fit_the_draft() {
    let long = "阿卜杜热合曼·买买提·吐尔逊";
    let unit = "示例县高山蔬菜新品种选育与病虫害绿色防控联合攻关示范工作站副站长兼综合办公室主任、县科学技术协会兼职副主席、学会秘书长";
    assert!(unit.chars().count() >= 58);
    let delegations = json!([
        { "name": "甲团", "note": "代表待补选", "members": [] },
        { "name": "乙团", "members": [{ "name": long, "sex": "男", "ethnicity": "维吾尔族", "unit": unit }] },
        { "name": "丙团", "members": [{ "name": "王五", "ethnicity": "回族" }] },
    ]);
    let rosters = json!({ "title": "代表名单", "delegations": delegations });
    let project = drafts(&[("hard", small(&json!({ "rosters": rosters })))]);
    let draft = draft_of(&project, "hard");
    let paragraphs = draft::paragraphs(&draft, "word/document.xml");
    let said: Vec<&str> = paragraphs.iter().map(|one| one.text.as_str()).collect();
    let from =
        said.iter().rposition(|text| *text == "甲团").expect("the first delegation");
    let line = format!("男维吾尔族{unit}");
    let expected = [
        "甲团",
        "代表待补选",
        "共0人",
        "乙团",
        "共1人",
        "姓名",
        "性别",
        "民族",
        "单位职务",
        long,
        &line,
        "丙团",
        "共1人",
        "姓名",
        "王五（回族）",
    ];
    assert_eq!(said[from..], expected);
    let body = draft::part(&draft, "word/document.xml");
    // Delegations, then the members of two of them: none of a delegation without.
    assert_eq!(tables(&body).len(), 2 + 1 + 2);
}

/// Running heads repeat the title of their section, and pages are mirrored.
#[test]
fn the_draft_is_a_book_of_sections() {
    let (body, _) = sample_draft();
    let template = folder().join("main.docx");
    let settings = draft::part(&template, "word/settings.xml");
    assert!(settings.contains("<w:mirrorMargins/>"));
    assert!(settings.contains("<w:evenAndOddHeaders/>"));
    let ends = body.split("<w:sectPr>").skip(1);
    let ends: Vec<&str> =
        ends.map(|end| end.split("</w:sectPr>").next().unwrap_or_default()).collect();
    // Cover, imprint, contents, twelve sections, thirteen documents, the divider, the back.
    assert_eq!(ends.len(), 3 + 12 + 13 + 1 + 1);
    assert!(ends.iter().all(|end| end.contains("<w:pgSz w:w=\"8391\" w:h=\"11906\"/>")));
    let numbered = ends.iter().filter(|end| end.contains("<w:pgNumType w:start=\"1\"/>"));
    assert_eq!(numbered.count(), 1);
    let odd = ends.iter().filter(|end| end.contains("w:val=\"oddPage\""));
    assert_eq!(odd.count(), 4);
    for part in 1..=28 {
        let head = draft::part(&template, &format!("word/header{part}.xml"));
        assert!(head.contains(" STYLEREF "), "{head}");
    }
}
