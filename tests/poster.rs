//! The package `poster`: one page whatever the content, and its Word draft.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use huikan::project::Package;
use serde_json::{Value, json};
use support::draft;
use support::layout::lay_out;
use support::pages::{self, Run};
use support::project::Project;
use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;

/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;
const MARGIN: f64 = 18.0 * MM;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/poster")
}

fn package() -> Package {
    Package::in_folder(&folder(), "templates/poster").expect("the poster")
}

fn sample_data() -> Value {
    let text = std::fs::read_to_string(folder().join("sample.json")).expect("the sample");
    serde_json::from_str(&text).expect("JSON")
}

/// A project with a dataset and the sample's photos.
fn project_of(data: &Value) -> Project {
    let project = Project::empty();
    let manifest = "[[output]]\ntemplate = \"poster\"\nformats = [\"pdf\", \"docx\"]\n";
    project.write("huikan.toml", manifest.as_bytes());
    project.write("data/x.json", data.to_string().as_bytes());
    for photo in std::fs::read_dir(folder().join("photos")).expect("photos").flatten() {
        let name = format!("data/photos/{}", photo.file_name().to_string_lossy());
        project.write(&name, &std::fs::read(photo.path()).expect("a photo"));
    }
    project
}

fn of(data: &Value, package: &Package) -> PagedDocument {
    let project = project_of(data);
    let (_, document, said) = lay_out(&project.path().join("data/x.json"), package);
    assert_eq!(said, "");
    document
}

/// The sample laid out.
fn sample() -> &'static PagedDocument {
    static SAMPLE: OnceLock<PagedDocument> = OnceLock::new();
    SAMPLE.get_or_init(|| of(&sample_data(), &package()))
}

/// The sample with so many highlights.
fn with_highlights(count: usize) -> Value {
    let mut data = sample_data();
    let own = data["highlights"].as_array().expect("highlights").clone();
    let numbers: Vec<char> = "一二三四五六七八九".chars().collect();
    let highlights = (0..count).map(|index| {
        let mut highlight = own[index % own.len()].clone();
        highlight["label"] = format!("亮点{}", numbers[index]).into();
        highlight
    });
    data["highlights"] = highlights.collect();
    data
}

/// A change of every highlight.
fn each_highlight(
    mut data: Value,
    change: impl Fn(&mut serde_json::Map<String, Value>),
) -> Value {
    for highlight in data["highlights"].as_array_mut().expect("highlights") {
        change(highlight.as_object_mut().expect("a highlight"));
    }
    data
}

fn without(mut data: Value, fields: &[&str]) -> Value {
    for field in fields {
        data.as_object_mut().expect("an object").remove(*field);
    }
    data
}

/// Three parallel phrases.
const LONG: &str = "坚持党建引领凝聚科技工作者奋进力量　服务创新驱动发展战略推动县域经济高质量发展　\
    以实干实绩谱写新时代科协事业崭新篇章";

/// What posters may have to show, by name.
fn shapes() -> Vec<(String, Value)> {
    let bare = |data: Value| {
        each_highlight(data, |highlight| {
            highlight.remove("photos");
        })
    };
    let plain = "五年来做了许多实事，科技工作者和群众都说好。";
    let told = |data: Value| {
        let data = each_highlight(data, |highlight| {
            highlight.insert("summary".into(), plain.into());
        });
        without(data, &["figures", "results"])
    };
    let long = each_highlight(sample_data(), |highlight| {
        highlight.insert("title".into(), LONG.into());
        highlight.insert("summary".into(), plain.repeat(3).into());
    });
    let mut many_figures = sample_data();
    for index in 0..7 {
        let figure = json!({ "value": format!("1,234,567.8{index}"), "unit": "千万人次", "label": "一个很长的说明写满二十四个字看看它怎么排下来吧" });
        many_figures["figures"].as_array_mut().expect("figures").push(figure);
    }
    let one = json!([{ "title": "只有一个亮点", "sections": [{ "body": "正文。" }] }]);
    let mut least = without(sample_data(), &["figures", "results", "closing", "imprint"]);
    least["highlights"] = one;
    let mut mixed = sample_data();
    mixed["masthead"] = json!({ "slogan": "“十四五”AI新征程　2025年再出发", "event_line": "The 9th Congress（第9次代表大会）" });
    mixed["highlights"][0]["title"] =
        "“科创中国”5年46.5万人次　International Conference".into();
    mixed["closing"] = "**新的五年**：\n\n- 聚*智*创新\n- 同心[致远](https://example.org)\n\n> 把论文写在大地上。".into();
    let charted = |kind: &str| {
        let mut data = sample_data();
        data["results"]["charts"][0]["kind"] = kind.into();
        let chart = data["results"]["charts"][0].as_object_mut().expect("a chart");
        chart.remove("series");
        chart.remove("note");
        data
    };
    let mut years = charted("line");
    for figure in years["figures"].as_array_mut().expect("figures") {
        let years = (2019..2025)
            .map(|year| json!({ "label": year.to_string(), "value": year - 2000 }));
        figure["history"] = years.collect();
    }
    let mut shapes: Vec<(String, Value)> = (1..=9)
        .map(|count| (format!("{count} highlights"), with_highlights(count)))
        .collect();
    shapes.extend([
        ("no photos".into(), bare(sample_data())),
        ("8 without photos".into(), bare(with_highlights(8))),
        ("no figures".into(), told(sample_data())),
        ("2, no photos, no figures".into(), bare(told(with_highlights(2)))),
        ("no closing".into(), without(sample_data(), &["closing"])),
        ("nothing but a highlight".into(), least),
        ("long titles".into(), long),
        ("many figures".into(), many_figures),
        ("marks, digits and Latin".into(), mixed),
        ("bars".into(), charted("bar")),
        ("a ring".into(), charted("donut")),
        ("years, no closing".into(), without(years.clone(), &["closing"])),
        ("years".into(), years),
    ]);
    shapes
}

/// The size that a run is seen in.
fn size(run: &Run<'_>) -> f64 {
    run.item.size.to_pt() * run.narrow
}

/// Where a run ends, without the space that spreading leaves behind its last character.
fn end(run: &Run<'_>) -> f64 {
    let last = run.item.glyphs.last().map_or(0.0, |glyph| glyph.x_advance.get());
    let behind = (last - 1.0).max(0.0) * run.item.size.to_pt();
    run.at.x.to_pt() + (run.item.width().to_pt() - behind) * run.narrow
}

/// One page of a size, nothing of it outside the margins, no type below 9 pt, and the
/// foot of the type area reached.
fn assert_one_full_page(name: &str, document: &PagedDocument, width: f64, height: f64) {
    assert_eq!(document.pages().len(), 1, "{name}");
    let frame = &document.pages()[0].frame;
    let sheet = (frame.size().x.to_mm().round(), frame.size().y.to_mm().round());
    assert_eq!(sheet, (width, height), "{name}");
    let (right, foot) = (width * MM - MARGIN, height * MM - MARGIN);
    let mut lowest = 0.0_f64;
    for run in pages::runs(frame) {
        let (x, y, text) = (run.at.x.to_pt(), run.at.y.to_pt(), run.item.text.as_str());
        let inside = x >= MARGIN - 0.5
            && end(&run) <= right + 0.5
            && y - 0.88 * size(&run) >= MARGIN - 0.5
            && y <= foot + 0.5;
        assert!(inside, "{name}: `{text}` at {x} to {}, {y}", end(&run));
        // The squares of lists are no words.
        assert!(
            size(&run) > 8.99 || text == "■",
            "{name}: `{text}` has {} pt",
            size(&run)
        );
        lowest = lowest.max(y);
    }
    assert!(lowest > foot - 12.0, "{name}: the page ends at {lowest}, not at {foot}");
}

/// How many pictures a frame has.
fn pictures(frame: &Frame) -> usize {
    let of = |item: &FrameItem| match item {
        FrameItem::Group(group) => pictures(&group.frame),
        FrameItem::Image(..) => 1,
        _ => 0,
    };
    frame.items().map(|(_, item)| of(item)).sum()
}

#[test]
fn every_shape_fills_one_page() {
    let package = package();
    for (name, data) in shapes() {
        let document = of(&data, &package);
        assert_one_full_page(&name, &document, 297.0, 420.0);
        let highlights = data["highlights"].as_array().expect("highlights");
        let photos = highlights.iter().filter(|h| h["photos"].is_array()).count();
        assert_eq!(pictures(&document.pages()[0].frame), photos, "{name}");
        let text = letters(&pages::whole_text(&document));
        for highlight in highlights {
            let title = letters(highlight["title"].as_str().expect("a title"));
            assert!(text.contains(&title), "{name}: no `{title}`");
        }
    }
}

/// The switch of the template lays the sheet on its side.
#[test]
fn the_sheet_may_lie_on_its_side() {
    let own = Project::empty();
    for file in ["template.toml", "schema.json"] {
        own.write(file, &std::fs::read(folder().join(file)).expect("a file"));
    }
    let main = std::fs::read_to_string(folder().join("main.typ")).expect("the template");
    let turned = main.replace("#let landscape = false", "#let landscape = true");
    assert_ne!(turned, main);
    own.write("main.typ", turned.as_bytes());
    let package = Package::in_folder(own.path(), "own").expect("a package");
    for (name, data) in shapes() {
        assert_one_full_page(&name, &of(&data, &package), 420.0, 297.0);
    }
}

/// The first run that has these words.
fn find<'a>(document: &'a PagedDocument, wanted: &str) -> Run<'a> {
    let runs = pages::runs(&document.pages()[0].frame);
    let found = runs.into_iter().find(|run| run.item.text.contains(wanted));
    found.unwrap_or_else(|| panic!("no `{wanted}`"))
}

/// What is read from afar is larger than what is read from near.
#[test]
fn sizes_go_by_importance() {
    let order = [
        "聚",
        "326",
        "党建引领聚人心",
        "清溪县科学技术协会第九次",
        "把科技工作者之家",
        "（示意图）",
    ];
    let sizes = order.map(|words| size(&find(sample(), words)));
    // Event and titles are of one rank.
    let (event, title) = (sizes[3], sizes[2]);
    assert!(sizes[0] > sizes[1] && sizes[1] > title.max(event), "{sizes:?}");
    assert!(title.min(event) > sizes[4] && sizes[4] > sizes[5], "{sizes:?}");
    assert!(sizes[0] >= 64.0 && sizes[1] >= 36.0 && sizes[4] >= 14.0, "{sizes:?}");
}

/// Both halves of the slogan have one size, one weight and one width, and fill the line.
#[test]
fn the_slogan_fills_the_measure() {
    let runs = pages::runs(&sample().pages()[0].frame);
    let large = size(&find(sample(), "聚"));
    let slogan: Vec<&Run<'_>> =
        runs.iter().filter(|run| size(run) > large - 0.1).collect();
    let edge = |half: &str| {
        let of =
            slogan.iter().filter(|run| run.item.text.chars().all(|c| half.contains(c)));
        let (mut from, mut to) = (f64::MAX, 0.0_f64);
        of.for_each(|run| {
            from = from.min(run.at.x.to_pt());
            to = to.max(end(run));
        });
        (from, to)
    };
    let (first, second) = (edge("聚智创新"), edge("同心致远"));
    let widths = [first, second].map(|(from, to)| to - from);
    assert!((widths[0] - widths[1]).abs() < 0.5, "{widths:?}");
    assert!(
        first.0 < MARGIN + 6.0 && second.1 > 297.0 * MM - MARGIN - 6.0,
        "{first:?} {second:?}"
    );
}

/// Numbers stand on one baseline in cells of one width, and so do the labels' first lines.
#[test]
fn figures_share_a_baseline() {
    let values = ["12", "8.6", "17.2", "3.86", "326"];
    let large = size(&find(sample(), "326"));
    let runs = pages::runs(&sample().pages()[0].frame);
    let numbers: Vec<&Run<'_>> = values
        .iter()
        .map(|value| {
            let of = |run: &&Run<'_>| {
                run.item.text == *value && (size(run) - large).abs() < 0.1
            };
            runs.iter().find(of).unwrap_or_else(|| panic!("no number {value}"))
        })
        .collect();
    assert!(numbers.iter().all(|run| (run.at.y - numbers[0].at.y).to_pt().abs() < 0.01));
    let labels =
        ["院士专家工作站", "科普活动参与", "公民具备科学", "工作站带动", "科普进校园"]
            .map(|label| find(sample(), label));
    assert!(labels.iter().all(|run| (run.at.y - labels[0].at.y).to_pt().abs() < 0.01));
}

/// Rules of highlights in a row, and their words, start level.
#[test]
fn highlights_stand_on_the_grid() {
    let document = of(&with_highlights(8), &package());
    let at = |label: &str| {
        let run = find(&document, label);
        (run.at.x.to_pt(), run.at.y.to_pt())
    };
    let signs: Vec<(f64, f64)> =
        "一二三四五六七八".chars().map(|n| at(&format!("亮点{n}"))).collect();
    for row in signs.chunks(2) {
        assert!((row[0].1 - row[1].1).abs() < 0.01, "{signs:?}");
        assert!(
            (row[0].0 - signs[0].0).abs() < 0.01 && (row[1].0 - signs[1].0).abs() < 0.01
        );
    }
    let steps: Vec<f64> = signs.chunks(2).map(|row| row[0].1).collect();
    let gaps: Vec<f64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().all(|gap| (gap - gaps[0]).abs() < 0.1), "{gaps:?}");
}

/// What fits at no size is told with what to shorten, and nothing is written.
#[test]
fn too_much_is_told() {
    let data = each_highlight(sample_data(), |highlight| {
        highlight.insert(
            "summary".into(),
            "围绕中心、服务大局，认真履行职责，".repeat(40).into(),
        );
    });
    let project = project_of(&data);
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for said in [
        "error[template/fault]",
        "does not fit one page",
        "at: /highlights/0/summary",
        "shorten `/highlights/0/summary`",
        "`/highlights/3/summary`",
    ] {
        assert!(run.stderr.contains(said), "no `{said}` in {}", run.stderr);
    }
    assert!(project.outputs("out").is_empty(), "{:?}", project.outputs("out"));
    let run = project.run(&["build", "--lang", "zh"]);
    assert!(
        run.stderr.contains("海报一页排不下") && run.stderr.contains("缩短"),
        "{}",
        run.stderr
    );
    // Ejected files would hide it.
    let run = project.run(&["build", "--eject", "plain"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let mut slogan = sample_data();
    slogan["masthead"]["slogan"] = "这条标语太长".repeat(9).into();
    let run = project_of(&slogan).run(&["build"]);
    assert!(run.stderr.contains("at: /masthead/slogan"), "{}", run.stderr);
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !"\u{2060}\u{200b}■".contains(*c))
        .collect()
}

/// PDF and Word draft say the same in the same order, but for the chart, whose words are
/// in a part of its own.
#[test]
fn both_sides_say_the_same() {
    for (name, data) in shapes() {
        let project = project_of(&data);
        let run = project.run(&["build", "-f", "docx", "-o", "out"]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{name}");
        let path = project.path().join("out/x-poster.docx");
        let mut printed = letters(&pages::whole_text(&of(&data, &package())));
        let mut skipped = Vec::new();
        for paragraph in draft::paragraphs(&path, "word/document.xml") {
            let wanted = letters(&paragraph.text);
            let at = printed
                .find(&wanted)
                .unwrap_or_else(|| panic!("{name}: no `{wanted}` in {printed}"));
            skipped.extend((at > 0).then(|| printed[..at].to_owned()));
            printed = printed.split_off(at + wanted.len());
        }
        assert_eq!(printed, "", "{name}");
        let charts = usize::from(data["results"].is_object());
        assert_eq!(skipped.len(), charts, "{name}: {skipped:?}");
        if charts == 1 {
            assert!(skipped[0].starts_with("五年的阵地（单位：家）"), "{skipped:?}");
            let chart = draft::part(&path, "word/charts/chart1.xml");
            assert!(chart.contains("五年的阵地") && chart.contains("乡村科技小院"));
        }
    }
}

/// A new project with the sample meets both standards without a warning.
#[test]
fn init_gives_a_project_that_builds() {
    let project = Project::empty();
    let run = project.run(&["init", "own", "--template", "poster"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let strict = ["--deny-warnings", "--pdf-standard", "a-2a,ua-1"];
    let run = project.run(&[&["build", "--project", "own"][..], &strict].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let xml = draft::part(
        &project.path().join("own/out/sample-poster.docx"),
        "word/document.xml",
    );
    assert!(xml.contains("<w:pgSz w:w=\"16838\" w:h=\"23811\"/>"), "A3 in Word, too");
}
