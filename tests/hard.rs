//! Content that is hard to lay out: too long, too wide, too deep, too little. Nothing of
//! it is cut off or laid over other text, or a warning says so.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use huikan::project::{Package, Resolved};
use serde_json::{Value, json};
use support::layout::{lay_out, own_package};
use support::pages::{self, Run};
use support::project::Project;
use typst::layout::Frame;
use typst_layout::PagedDocument;

/// A page's type area with the marks that may stand out of it, in points.
struct Area {
    package: &'static str,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

const HANDOUT: Area =
    Area { package: "handout", left: 66.0, right: 530.0, top: 60.0, bottom: 800.0 };
const REPORT: Area =
    Area { package: "report", left: 72.0, right: 524.0, top: 100.0, bottom: 775.0 };
const BOOKLET: Area =
    Area { package: "booklet", left: 30.0, right: 392.0, top: 40.0, bottom: 575.0 };

fn laid_out(package: &str, data: &Value) -> (Resolved, PagedDocument, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(package);
    let found = Package::in_folder(&folder, &format!("templates/{package}"));
    let project = Project::empty();
    project.write("huikan.toml", b"");
    project.write("data/x.json", data.to_string().as_bytes());
    lay_out(&project.path().join("data/x.json"), &found.expect("a package"))
}

/// A dataset with a rich text in the place that each package has for it.
fn with_body(package: &str, body: &str) -> Value {
    let edition = json!({
        "organisation": "示例县科协", "event": "示例县科协第八次代表大会", "session": 8, "year": 2025
    });
    match package {
        "report" => json!({ "title": "报告", "body": body }),
        "handout" => json!({
            "edition": edition, "masthead": { "slogan": "凝心聚力", "event_line": "大会" },
            "highlights": [{ "title": "亮点", "sections": [{ "title": "节", "body": body }] }],
        }),
        _ => json!({
            "edition": edition, "cover": { "title": "会议手册" },
            "documents": { "title": "文件", "items": [{ "title": "报告", "body": body }] },
        }),
    }
}

/// Where a run ends; white space that stretches its last glyph does not count.
fn end(run: &Run<'_>) -> f64 {
    let last = run.item.glyphs.last().map_or(0.0, |glyph| glyph.x_advance.get());
    let white = (last - 1.0).max(0.0) * run.item.size.to_pt();
    run.at.x.to_pt() + (run.item.width().to_pt() - white) * run.narrow
}

/// Every run is in the type area, and none lies on another one.
fn assert_sound(document: &PagedDocument, area: &Area) {
    for (index, page) in document.pages().iter().enumerate() {
        let mut lines: BTreeMap<i64, Vec<Run<'_>>> = BTreeMap::new();
        for run in pages::runs(&page.frame).into_iter().filter(|run| !run.turned) {
            let (x, y) = (run.at.x.to_pt(), run.at.y.to_pt());
            let text = &run.item.text;
            let inside = area.left <= x
                && end(&run) <= area.right + 12.0
                && (area.top..=area.bottom).contains(&y);
            // The cover and plans have areas of their own.
            let cover = area.package == "booklet" && index == 0;
            assert!(inside || cover, "page {}: `{text}` at {x}, {y}", index + 1);
            lines.entry((y * 4.0).round() as i64).or_default().push(run);
        }
        for mut runs in lines.into_values() {
            runs.sort_by_key(|run| run.at.x);
            for pair in runs.windows(2) {
                // A line's last glyph may be stretched, marks lose half of their width.
                let gap = pair[1].at.x.to_pt() - end(&pair[0]);
                let size = pair[0].item.size.to_pt();
                let (this, next) = (&pair[0].item.text, &pair[1].item.text);
                assert!(gap > -0.7 * size, "page {}: `{this}` on `{next}`", index + 1);
            }
        }
    }
}

/// The text of all pages without white space.
fn letters(document: &PagedDocument) -> String {
    pages::whole_text(document).split_whitespace().collect()
}

const LONG: &str = "全面提升科技工作者的获得感、幸福感、安全感，推动形成尊重劳动、尊重知识、尊重人才、尊重创造的良好氛围，把广大科技工作者团结起来";

const JOB: &str = "示例县高山蔬菜新品种选育与病虫害绿色防控联合攻关示范工作站副站长兼县农业技术推广中心土壤肥料与植物保护联合实验室主任研究员";

const NAME: &str = "阿卜杜热合曼·买买提·吐尔逊江";

/// The packages' own samples, and the real report.
#[test]
fn samples_are_sound() {
    for area in [HANDOUT, REPORT, BOOKLET] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let folder = folder.join(area.package);
        let package = Package::in_folder(&folder, &format!("templates/{}", area.package));
        let package = package.expect("a package");
        let (_, document, said) = lay_out(&folder.join("sample.json"), &package);
        assert_eq!(said, "");
        assert_sound(&document, &area);
        let text = pages::whole_text(&document);
        assert!(!text.contains(['\u{2060}', '\u{200B}']));
        if area.package == "handout" {
            let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/xinchang-8.json");
            assert_sound(&lay_out(&real, &package).1, &area);
        }
    }
}

#[test]
fn headings_of_three_lines_stay_with_two_lines_of_text() {
    for area in [HANDOUT, REPORT, BOOKLET] {
        let sections = (20..50).map(|n| {
            let head = "题".repeat(if n % 3 == 0 { 70 } else { 6 });
            format!("# {head}\n\n## {head}\n\n{}。", "科".repeat(n * 3))
        });
        let body = sections.collect::<Vec<_>>().join("\n\n");
        let (_, document, said) = laid_out(area.package, &with_body(area.package, &body));
        assert_eq!(said, "");
        assert_sound(&document, &area);
        let middle = if area.package == "handout" { 297.0 } else { 0.0 };
        let mut checked = 0;
        for page in document.pages() {
            let mut columns: [BTreeMap<i64, String>; 2] = Default::default();
            for run in pages::runs(&page.frame) {
                let column = &mut columns[usize::from(run.at.x.to_pt() < middle)];
                let at = (run.at.y.to_pt() * 4.0).round() as i64;
                column.entry(at).or_default().push_str(&run.item.text);
            }
            for column in columns {
                let lines = column.values().filter(|line| line.contains(['题', '科']));
                let lines: Vec<&String> = lines.collect();
                checked += usize::from(lines.len() > 3);
                let last = lines.iter().rev().take(2);
                assert!(
                    !last.clone().any(|line| line.contains('题')),
                    "{}: {last:?}",
                    area.package
                );
            }
        }
        assert!(checked > 5, "{checked}");
    }
}

/// A table with columns of numbers and long words.
fn wide_table(columns: usize, rows: usize) -> String {
    let head: Vec<String> = (0..columns).map(|n| format!("指标名称{n}")).collect();
    let row = |y: usize| {
        let cells: Vec<String> =
            (0..columns).map(|x| format!("{y}{x:02}4567.89")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rows: String = (0..rows).map(row).collect();
    format!("| {} |\n{}|\n{rows}", head.join(" | "), "|--".repeat(columns))
}

#[test]
fn wide_tables_are_smaller_turned_or_in_parts() {
    for area in [HANDOUT, REPORT, BOOKLET] {
        for columns in [4, 7, 12, 20] {
            let body = format!(
                "{LONG}\n\n{}\n\n| Organisation | Responsibility | 备注 |\n|--|--|--|\n| International Federation | Telecommunications-Infrastructure-Development | {LONG} |",
                wide_table(columns, 5)
            );
            let (_, document, said) =
                laid_out(area.package, &with_body(area.package, &body));
            assert_eq!(said, "", "{} {columns}", area.package);
            assert_sound(&document, &area);
            let text = letters(&document);
            for y in 0..5 {
                for x in 0..columns {
                    let cell = format!("{y}{x:02}4567.89");
                    assert!(text.contains(&cell), "{} {columns}: {cell}", area.package);
                }
            }
            let smallest =
                document.pages().iter().flat_map(|page| pages::runs(&page.frame));
            let smallest = smallest.filter(|run| run.item.text.contains("4567.89"));
            let smallest = smallest.map(|run| run.item.size.to_pt()).fold(99.0, f64::min);
            assert!(smallest >= 5.9, "{} {columns}: {smallest} pt", area.package);
        }
    }
}

#[test]
fn a_table_that_cannot_be_saved_is_told_with_its_place() {
    let word = "Counterrevolutionarily";
    let table = format!("| {word} | {word} |\n|--|--|\n| {word} | {word} |");
    let deep = "   ".repeat(4);
    let table = table.lines().map(|line| format!("{deep}{line}\n")).collect::<String>();
    let list: String = (0..4).map(|k| format!("{}1. 层\n\n", "   ".repeat(k))).collect();
    let body = format!("{list}{table}");
    let (_, _, said) = laid_out("handout", &with_body("handout", &body));
    assert!(said.contains("layout/table-too-wide"), "{said}");
    assert!(said.contains("/highlights/0/sections/0/body"), "{said}");
}

#[test]
fn deep_lists_keep_their_width() {
    let list: String = (0..9)
        .map(|k| format!("{}1. 第{k}层{}\n", "   ".repeat(k), "很深的条目".repeat(8)))
        .collect();
    for (area, least) in
        [(HANDOUT, 12.0 * 10.5), (REPORT, 16.0 * 15.79), (BOOKLET, 160.0)]
    {
        let (_, document, said) = laid_out(area.package, &with_body(area.package, &list));
        assert_eq!(said, "");
        assert_sound(&document, &area);
        let text = letters(&document);
        assert!((0..9).all(|k| text.contains(&format!("第{k}层"))), "{text}");
        let runs = document.pages().iter().flat_map(|page| pages::runs(&page.frame));
        let runs = runs.filter(|run| run.item.text.contains("深的条目"));
        let runs: Vec<f64> = runs.map(|run| run.item.width().to_pt()).collect();
        // The last ones are those of the deepest item.
        let widest = runs.iter().rev().take(3).copied().fold(0.0, f64::max);
        assert!(widest > least, "{}: {widest}", area.package);
    }
}

#[test]
fn a_footnote_longer_than_a_page_is_whole() {
    let note: String = (0..300).map(|n| format!("脚注第{n}句写得很长很长。")).collect();
    let body = format!("{LONG}[^1]{LONG}\n\n{LONG}\n\n[^1]: {note}");
    for area in [HANDOUT, REPORT, BOOKLET] {
        let (_, document, said) = laid_out(area.package, &with_body(area.package, &body));
        assert_eq!(said, "");
        assert_sound(&document, &area);
        let text = letters(&document);
        // A sentence that goes on on the next page has its furniture inside.
        let lost = (0..300).filter(|n| !text.contains(&format!("第{n}句")));
        let lost = lost.count();
        assert!(lost < document.pages().len(), "{}: {lost}", area.package);
        assert!(text.contains('①'), "{}", area.package);
    }
}

#[test]
fn long_words_and_addresses_break() {
    let body = format!(
        "参见 https://www.example.com/congress/2025/handbook/index.html?session=8&lang=zh-CN#agenda 和 {} 以及 contact.person.with.a.long.name@subdomain.example.com，[文件](https://example.com/a)。\n\nInternational Telecommunications Infrastructure Development 与 Characteristically Internationalised 一词。",
        "AB12".repeat(30)
    );
    for area in [HANDOUT, REPORT, BOOKLET] {
        let (_, document, said) = laid_out(area.package, &with_body(area.package, &body));
        assert_eq!(said, "");
        assert_sound(&document, &area);
        let text = letters(&document).replace('\u{AD}', "");
        assert!(text.contains(&"AB12".repeat(30)), "{text}");
        assert!(text.contains("InternationalTelecommunicationsInfrastructure"), "{text}");
        assert!(text.contains("index.html?session=8&lang=zh-CN#agenda"), "{text}");
    }
}

#[test]
fn long_titles_fit() {
    let title = "凝心聚力　开拓创新　为建设现代化创新强县贡献科技力量　奋力谱写新时代科协事业高质量发展的崭新篇章和美好画卷";
    let plain: String = title.split('\u{3000}').collect();
    for area in [HANDOUT, REPORT, BOOKLET] {
        let mut data = with_body(area.package, LONG);
        match area.package {
            "handout" => {
                data["masthead"] =
                    json!({ "slogan": title, "subtitle": LONG, "event_line": LONG });
                data["highlights"][0]["title"] = LONG.into();
                data["highlights"][0]["sections"][0]["title"] = LONG.into();
            }
            "report" => data["title"] = title.into(),
            _ => {
                data["cover"] = json!({ "title": "会议手册及文件汇编合订本", "event": title, "slogan": title });
                data["documents"]["title"] = LONG.into();
                data["documents"]["items"][0]["title"] = title.into();
            }
        }
        let (_, document, said) = laid_out(area.package, &data);
        assert_eq!(said, "");
        assert_sound(&document, &area);
        let text = letters(&document).replace('\u{3000}', "");
        assert!(text.contains(&plain), "{}: {text}", area.package);
        let width = document.pages()[0].frame.size().x.to_pt();
        for run in pages::runs(&document.pages()[0].frame) {
            assert!(end(&run) < width - 20.0, "{}", run.item.text);
        }
    }
}

fn person(name: &str, unit: &str) -> Value {
    json!({ "name": name, "sex": "男", "ethnicity": "柯尔克孜族", "unit": unit, "flags": ["★"] })
}

/// People with names of their own.
fn people(count: usize, family: char) -> Vec<Value> {
    let name = |k: usize| {
        let digits = huikan::data::numerals::cn(&(k + 11).to_string());
        format!("{family}{}", digits.expect("a number"))
    };
    (0..count).map(|k| person(&name(k), "县科协办公室主任")).collect()
}

fn booklet(parts: &Value) -> Value {
    let mut data = with_body("booklet", "正文。");
    for (key, part) in parts.as_object().expect("parts") {
        data[key] = part.clone();
    }
    data
}

#[test]
fn long_people_fit_rosters_seats_and_agendas() {
    let mut long = vec![person(NAME, JOB), person("欧阳静文", JOB)];
    long.push(person("李梅", "International Federation of Telecommunications Engineers"));
    let data = booklet(&json!({
        "rosters": { "title": "名单", "order": "原序",
            "flags": [{ "mark": "★", "meaning": "主席团成员" }],
            "delegations": [
                { "name": "空团", "note": "待补选", "members": [] },
                { "name": "一人团", "members": people(1, '丁') },
                { "name": "The Delegation of the International Federation of Engineers",
                  "units": LONG, "members": long },
            ] },
        "hall": { "title": "座次", "rows": 24, "seats": 16, "numbering": "middle",
            "viewpoint": "audience", "aisles": [4, 8, 12],
            "blocks": [{ "name": "甲", "rows": [1, 2], "people": "/rosters/delegations/2/members" }] },
        "agenda": { "title": "日程", "days": [{ "date": "2025-03-27", "sessions": [{
            "title": JOB, "place": JOB, "host": format!("{NAME}、欧阳静文"), "attend": "全体代表",
            "items": [{ "time": "8:30—11:30", "title": JOB, "who": NAME }],
        }] }] },
        "grouping": { "title": "分组", "groups": [{
            "name": "第一代表团", "members": LONG, "place": "二楼", "convener": format!("{NAME}、欧阳静文"), "secretary": NAME,
        }] },
        "organisation": { "title": "机构", "groups": [
            { "title": "主席团", "order": "原序", "people": [{ "name": NAME, "sex": "女", "ethnicity": "维吾尔族" }] },
        ] },
    }));
    let (_, document, said) = laid_out("booklet", &data);
    assert_eq!(said, "");
    assert_sound(&document, &BOOKLET);
    let texts: Vec<String> =
        document.pages().iter().map(|page| letters_of(&page.frame)).collect();
    let text = texts.concat();
    assert!(text.contains("空团待补选共0人") && text.contains("共1人"), "{text}");
    // In the agenda (twice), the groups (twice), the roster, the plan and the organisation.
    assert_eq!(text.matches("阿卜杜热合曼").count(), 7, "{text}");
    let names = document.pages().iter().flat_map(|page| pages::runs(&page.frame));
    let names = names.filter(|run| {
        "阿卜杜热合曼买提吐尔逊江"
            .contains(run.item.text.as_str().replace('·', "").as_str())
    });
    let sizes: Vec<f64> = names.map(|run| run.item.size.to_pt()).collect();
    assert!(sizes.len() >= 7 && sizes.iter().all(|size| *size >= 6.0), "{sizes:?}");
}

fn letters_of(frame: &Frame) -> String {
    pages::text(frame).split_whitespace().collect()
}

/// No page of a roster is white for more than a third but the last, and none begins with
/// fewer than three of a delegation's people.
#[test]
fn delegations_leave_no_white_pages() {
    let mut checked = 0;
    for shift in 0..6 {
        let counts = [3 + shift, 9, 12 + shift, 20, 7, 16, 24 - shift, 11];
        let families = "甲乙丙丁戊己庚辛".chars();
        let delegations: Vec<Value> = counts
            .iter()
            .zip(families)
            .map(|(count, family)| {
                json!({ "name": format!("{family}代表团"), "members": people(*count, family) })
            })
            .collect();
        let rosters = json!({ "title": "代表名单", "order": "原序", "flags": [{ "mark": "★", "meaning": "主席团成员" }], "delegations": delegations });
        let (_, document, said) =
            laid_out("booklet", &booklet(&json!({ "rosters": rosters })));
        assert_eq!(said, "");
        let is_roster =
            |page: &&typst_layout::Page| letters_of(&page.frame).contains("柯尔克孜族");
        let rosters: Vec<_> = document.pages().iter().skip(4).filter(is_roster).collect();
        let (_, before) = rosters.split_last().expect("pages");
        for page in before {
            let foot = 66.0 + 28.0 * 16.0;
            let runs = pages::runs(&page.frame);
            let lowest = runs.iter().map(|run| run.at.y.to_pt());
            let lowest = lowest.filter(|y| *y < foot + 4.0).fold(0.0, f64::max);
            assert!(foot - lowest < 16.0 * 11.0, "{shift}: {}", pages::text(&page.frame));
            checked += 1;
        }
        for page in rosters {
            let text = letters_of(&page.frame);
            for family in "甲乙丙丁戊己庚辛".chars() {
                let seen = text.matches(&format!("{family}十")).count()
                    + text.matches(&format!("{family}二十")).count()
                    + text.matches(&format!("{family}三十")).count();
                let all = counts
                    ["甲乙丙丁戊己庚辛".chars().position(|c| c == family).expect("one")];
                assert!(seen == 0 || seen >= 3.min(all), "{shift} {family}: {text}");
            }
        }
    }
    assert!(checked > 15, "{checked}");
}

#[test]
fn text_off_the_sheet_is_told() {
    let project = Project::empty();
    project.write("data/x.json", r#"{ "name": "很长的名字" }"#.as_bytes());
    let main = "#set page(width: 60pt, height: 60pt)\n#place(dx: 40pt, box(json(\"/data.json\").name))";
    let package = own_package(&project, b"{}", Some(main));
    let (_, _, said) = lay_out(&project.path().join("data/x.json"), &package);
    assert!(said.contains("layout/off-page") && said.contains("/name"), "{said}");
}
