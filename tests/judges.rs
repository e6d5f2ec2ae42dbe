//! Other people's programs judge the outputs: qpdf, poppler, the Open XML SDK's
//! validator, LibreOffice, stock Typst, docxtpl.
//!
//! These tests need those tools and fail without them; `.ci/run` installs them.
//! `cargo test` alone leaves them out: run `cargo test --test judges`.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use support::project::Project;
use support::seed;
use support::word::{Word, entries, paragraph, told};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The outputs of the real report and of the samples, built once.
fn outputs() -> &'static Path {
    static OUTPUTS: OnceLock<Project> = OnceLock::new();
    OUTPUTS
        .get_or_init(|| {
            let project = Project::empty();
            let out = project.path().display().to_string();
            let own = root().display().to_string();
            let file = |name: &str| root().join(name).display().to_string();
            let real = file("data/xinchang-8.json");
            let handout = file("templates/handout/sample.json");
            let report = file("templates/report/sample.json");
            let booklet = file("templates/booklet/sample.json");
            let poster = file("templates/poster/sample.json");
            let to = ["-f", "pdf,docx", "-o", &out, "--project", &own];
            let whats = [
                &["build", &real, &handout][..],
                &["build", &report, "-t", "report"],
                &["build", &booklet, "-t", "booklet"],
                &["build", &poster, "-t", "poster"],
            ];
            for what in whats {
                let run = project.run(&[what, &to[..], &["--deny-warnings"]].concat());
                assert_eq!(run.code, Some(0), "{}", run.stderr);
            }
            project
        })
        .path()
}

fn built(ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(outputs()).expect("outputs").flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 5, "{paths:?}");
    paths
}

/// Runs a judge; one that is not installed is a failure, never a pass.
fn judge(program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("`{program}` is needed: {error}"))
}

fn text_of(path: &Path, mode: &[&str]) -> String {
    let path = path.display().to_string();
    let output = judge("pdftotext", &[mode, &[&path, "-"]].concat());
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn qpdf_finds_nothing_wrong() {
    for path in built("pdf") {
        let output = judge("qpdf", &["--check", &path.display().to_string()]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}");
        assert!(said.contains("No syntax or stream encoding errors"), "{said}");
    }
}

/// Every piece of the real report can be copied out of the PDF, whole and in
/// reading order.
/// Poppler finds on each side of the sheets what it finds on the pages that belong there,
/// and no reader has anything to complain of.
#[test]
fn imposed_sheets_have_their_pages() {
    let project = Project::empty();
    let booklet = outputs().join("sample-booklet.pdf").display().to_string();
    for scheme in ["saddle", "perfect-16"] {
        let (sheets, plan) = (format!("{scheme}.pdf"), format!("{scheme}.json"));
        let run = project.run(&[
            "impose",
            &booklet,
            "-o",
            &sheets,
            "--plan",
            &plan,
            "--scheme",
            scheme,
            "--sheet",
            "大度对开",
            "--lang",
            "en",
        ]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let sheets = project.path().join(sheets);
        let path = sheets.display().to_string();
        let check = judge("qpdf", &["--check", &path]);
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
        let size = |path: &Path| std::fs::metadata(path).expect("a file").len();
        assert!(
            size(&sheets) * 10 <= size(Path::new(&booklet)) * 11,
            "{scheme} is too large"
        );
        let plan = std::fs::read(project.path().join(plan)).expect("a plan");
        let plan: serde_json::Value = serde_json::from_slice(&plan).expect("JSON");
        let sides = plan["sheets"].as_array().expect("sheets").iter();
        let sides = sides.flat_map(|sheet| [&sheet["front"], &sheet["back"]]);
        for (index, side) in sides.enumerate().take(8) {
            let pages = side["cells"].as_array().expect("cells").iter();
            let pages = pages.filter_map(|cell| cell["page"].as_u64());
            let texts = pages.map(|page| letters_of(Path::new(&booklet), page));
            let mut wanted: Vec<char> = texts.flatten().collect();
            let mut found = letters_of(&sheets, index as u64 + 1);
            wanted.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, wanted, "{scheme}, side {index}");
        }
    }
}

/// The letters of a page, as poppler reads them.
fn letters_of(path: &Path, page: u64) -> Vec<char> {
    let page = page.to_string();
    let text = text_of(path, &["-f", &page, "-l", &page]);
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn poppler_reads_the_whole_report_in_order() {
    let path = outputs().join("xinchang-8-handout.pdf");
    let text = text_of(&path, &["-raw"]);
    assert_eq!(seed::first_missing_character(&text), None);
}

#[test]
fn poppler_sees_an_archival_accessible_document() {
    let path = outputs().join("xinchang-8-handout.pdf").display().to_string();
    let output = judge("pdfinfo", &[&path]);
    let info = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in [
        "Tagged:          yes",
        "Pages:           4",
        "Page size:       595.276 x 841.89 pts (A4)",
    ] {
        assert!(info.contains(line), "no `{line}` in\n{info}");
    }
    assert!(info.contains("勇担新使命"), "{info}");
    let output = judge("pdffonts", &[&path]);
    let fonts = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in fonts.lines().skip(2) {
        let embedded = line.contains(" yes yes yes ");
        assert!(embedded, "not embedded, subset and with Unicode: {line}");
    }
}

#[test]
fn the_open_xml_sdk_finds_no_error() {
    let validator =
        std::env::var("OOXML_VALIDATOR").unwrap_or_else(|_| "ooxml-validator".into());
    let templates = ["booklet", "handout", "poster", "report"]
        .map(|name| root().join(format!("templates/{name}/main.docx")));
    for path in built("docx").into_iter().chain(templates) {
        let output = judge(&validator, &[&path.display().to_string()]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}: {said}", path.display());
    }
}

/// What the functions of Word templates make is sound, and LibreOffice shows it.
#[test]
fn the_vocabulary_is_sound_word() {
    let tags = [
        "{{p toc() }}",
        "{{p text | markdown }}",
        "{% for x in rows %}{{ x[0] | spread(4) }}{{ footnote(x[1]) }}{% endfor %}",
        "{{ comment(\"请核对\", author=\"秘书处\") }}{{ 12 | cn }}",
        "{%p for x in rows %}",
        "{{p table([x], head=[\"名\", \"数\"], align=\"right\", widths=[\"30mm\"]) }}",
        "{%p endfor %}",
        "{{ page_break() }}",
    ];
    let body = tags.map(paragraph).concat() + &paragraph("");
    let data = serde_json::json!({
        "rows": [["甲乙", "注一"], ["丙丁", "注二"]],
        "text": "1. 子\n2. 丑\n   - 寅\n\n段\n\n3. 卯[^1]\n\n又\n\n1. 辰\n\n[^1]: **注三**\n"
    });
    let (_, _, text) = sound_and_printed(&body, &data, "-raw");
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for shown in ["1.子2.丑", "段3.卯", "又1.辰", "注一", "注二", "注三", "十二"]
    {
        assert!(text.contains(shown), "LibreOffice shows no `{shown}`: {text}");
    }
}

/// A body merged with data, found sound by the validator, and what LibreOffice shows
/// of it, read in one of poppler's modes.
fn sound_and_printed(
    body: &str,
    data: &serde_json::Value,
    mode: &str,
) -> (Project, Vec<u8>, String) {
    let (merged, warnings) = Word::body(body).merge(data).expect("a document");
    assert_eq!(told(&warnings), "");
    let work = Project::empty();
    work.write("x.docx", &merged);
    let path = work.path().join("x.docx");
    let validator =
        std::env::var("OOXML_VALIDATOR").unwrap_or_else(|_| "ooxml-validator".into());
    let output = judge(&validator, &[&path.display().to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let text = text_of(&printed_by_libreoffice(&path, work.path()), &[mode]);
    (work, merged, text)
}

/// A chart is sound Word that LibreOffice shows, and its workbook says in its cells
/// what the data say, as it is written there.
#[test]
fn charts_are_sound_word() {
    let head = "head=[\"年\", \"本届\", \"上届\"], title=\"阵地\", unit=\"家\"";
    let kinds = ["bar", "column", "line"];
    let tags = kinds
        .map(|kind| paragraph(&format!("{{{{p chart(rows, \"{kind}\", {head}) }}}}")));
    let ring = paragraph("{{r chart(ring, \"donut\") }}");
    let plain = paragraph("{{ chart(rows, labels=false) }}");
    let body = tags.concat() + &ring + &plain;
    let data = serde_json::json!({
        "rows": [["甲", "10 030", 9], ["乙", "7.9", null], ["丙", "1,234.50", "-43000"]],
        "ring": [["甲", 1], ["乙", 2.5], ["丙", "3"]],
    });
    let (work, merged, text) = sound_and_printed(&body, &data, "-layout");
    for shown in ["10 030", "7.9", "1,234.50", "-43000", "阵地（单位：家）", "上届"]
    {
        assert!(text.contains(shown), "LibreOffice shows no `{shown}`: {text}");
    }
    let book = &entries(&merged)["word/embeddings/Microsoft_Excel_Sheet1.xlsx"];
    work.write("x.xlsx", book);
    convert(
        &mut Command::new("soffice"),
        &work.path().join("x.xlsx"),
        work.path(),
        "csv:Text - txt - csv (StarCalc):59,34,76",
    );
    let csv = std::fs::read_to_string(work.path().join("x.csv")).expect("a table");
    assert_eq!(csv, "年;本届;上届\n甲;10 030;9\n乙;7.9;\n丙;1,234.50;-43000\n");
}

/// The PDF that LibreOffice makes of a Word document, in a folder.
fn printed_by_libreoffice(document: &Path, folder: &Path) -> PathBuf {
    printed(&mut Command::new("soffice"), document, folder)
}

/// The same with our fonts for those of Chinese offices.
fn printed_with_our_fonts(document: &Path, folder: &Path) -> PathBuf {
    let settings = folder.join("fonts.conf");
    std::fs::write(&settings, font_settings(folder)).expect("font settings");
    printed(Command::new("soffice").env("FONTCONFIG_FILE", settings), document, folder)
}

fn printed(soffice: &mut Command, document: &Path, folder: &Path) -> PathBuf {
    convert(soffice, document, folder, "pdf");
    let name = document.file_stem().expect("a name").to_string_lossy();
    folder.join(format!("{name}.pdf"))
}

/// Has LibreOffice write a document in another format.
fn convert(soffice: &mut Command, document: &Path, folder: &Path, format: &str) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let output = soffice
        .args([&profile, "--headless", "--convert-to", format, "--outdir"])
        .arg(folder)
        .arg(document)
        .output()
        .expect("`soffice` is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The settings of fontconfig: which of our fonts stands for which of Word's.
fn font_settings(folder: &Path) -> String {
    let stands_for = [
        ("宋体", "Noto Serif SC"),
        ("方正小标宋简体", "Noto Serif SC"),
        ("黑体", "Noto Sans SC"),
        ("楷体_GB2312", "Huikan Kai"),
        ("仿宋_GB2312", "Zhuque Fangsong (technical preview)"),
    ];
    let fonts = root().join("fonts").display().to_string();
    let cache = folder.join("fontcache").display().to_string();
    let matches = stands_for.map(|(theirs, ours)| {
        format!(
            "<match><test name=\"family\"><string>{theirs}</string></test><edit name=\"family\" \
             mode=\"assign\" binding=\"same\"><string>{ours}</string></edit></match>"
        )
    });
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>\
         <dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>{}</fontconfig>",
        matches.concat()
    )
}

/// Anchors move nothing: LibreOffice sets every word of the draft where it sets
/// that of the clean document, to the accuracy with which it rounds; with our fonts,
/// whose Latin and Chinese letters are of different heights, and with those it has.
#[test]
fn anchors_change_no_layout() {
    let work = Project::empty();
    let (own, out) = (root().display().to_string(), work.path().display().to_string());
    let arguments = ["build", "xinchang-8", "-f", "docx", "--no-anchors", "-o", &out];
    let run = work.run(&[&arguments[..], &["--project", &own]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let name = "xinchang-8-handout.docx";
    for printed in [printed_by_libreoffice, printed_with_our_fonts] {
        let [clean, draft] = [work.path(), outputs()]
            .map(|folder| placed_words(&printed(&folder.join(name), work.path())));
        assert_same_places(&clean, &draft);
    }
}

fn assert_same_places(clean: &[(String, Vec<f64>)], draft: &[(String, Vec<f64>)]) {
    assert!(clean.len() > 250, "{} words", clean.len());
    assert_eq!(clean.len(), draft.len());
    for ((word, place), (other, found)) in clean.iter().zip(draft) {
        assert_eq!(word, other);
        let near = place.iter().zip(found).all(|(a, b)| (a - b).abs() <= 0.25);
        assert!(near, "{word}: {place:?} became {found:?}");
    }
}

/// The words of a PDF, each with the edges of its box in points; a page is a
/// word, too.
fn placed_words(path: &Path) -> Vec<(String, Vec<f64>)> {
    let text = text_of(path, &["-bbox"]);
    let boxes =
        text.lines().filter(|line| line.contains("<word") || line.contains("<page"));
    boxes
        .map(|line| {
            let word = line.split('>').nth(1).unwrap_or_default().to_owned();
            let numbers = line.split('"').skip(1).step_by(2);
            (word, numbers.filter_map(|number| number.parse().ok()).collect())
        })
        .collect()
}

/// LibreOffice opens the draft: its own PDF of it has the whole report, in
/// order, and the headings that the draft's outline promises.
#[test]
fn libreoffice_opens_the_draft() {
    let work = Project::empty();
    let draft = outputs().join("xinchang-8-handout.docx");
    let text = text_of(&printed_by_libreoffice(&draft, work.path()), &["-raw"]);
    for piece in seed::pieces().iter().filter(|piece| piece.chars().count() < 40) {
        let wanted = seed::letters(piece);
        assert!(seed::letters(&text).contains(&wanted), "LibreOffice shows no `{piece}`");
    }
}

/// LibreOffice sets the draft of the official paper in lines of 28 characters, with its
/// page numbers, and notes that count anew on each page.
#[test]
fn libreoffice_keeps_the_grid_of_official_papers() {
    let work = Project::empty();
    let draft = outputs().join("sample-report.docx");
    let text = text_of(&printed_with_our_fonts(&draft, work.path()), &["-layout"]);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.is_empty()).collect();
    assert!((11..=16).contains(&pages.len()), "{} pages", pages.len());
    // In halves of a character, without the spaces that it adds beside digits.
    let half = |c: char| if c as u32 > 0x2E80 || "“”—".contains(c) { 2 } else { 1 };
    let width = |line: &str| line.chars().filter(|c| *c != ' ').map(half).sum::<i32>();
    let full = text.lines().filter(|line| (54..=58).contains(&width(line))).count();
    assert!(full >= 30, "{full} lines are full");
    for (page, number) in pages.iter().zip(1..) {
        let foot = page.trim_end().lines().last().unwrap_or_default();
        assert_eq!(foot.replace(' ', ""), format!("—{number}—"));
    }
    assert!(text.matches('①').count() >= 4, "notes count anew on each page");
}

/// LibreOffice sets the draft of the booklet as a book: folios outside, running heads, the
/// back cover on the last page and nowhere else, and sections about where the draft's
/// contents say.
#[test]
fn libreoffice_binds_the_booklet() {
    let work = Project::empty();
    let draft = outputs().join("sample-booklet.docx");
    let path = printed_with_our_fonts(&draft, work.path());
    let text = text_of(&path, &["-layout"]);
    let mut pages: Vec<&str> = text.split('\u{c}').collect();
    assert_eq!(pages.pop(), Some(""));
    assert!((70..=80).contains(&pages.len()), "{} pages", pages.len());
    let told = |page: &str| page.split_whitespace().collect::<String>();
    assert_eq!(told(pages.last().expect("pages")), "示例县科学技术协会");
    // The cover, the imprint and two pages of contents.
    let mut body: Vec<(usize, &str)> = Vec::new();
    for page in &pages[4..pages.len() - 1] {
        let foot = page.trim_end().lines().last().unwrap_or_default();
        let number = foot.trim().parse().unwrap_or_else(|_| panic!("no folio: {page}"));
        // It leaves out the blank page before a right-hand one.
        let last = body.last().map_or(0, |(last, _)| *last);
        assert!(number == last + 1 || number == last + 2 && number % 2 == 1, "{foot}");
        let is_right = foot.len() - foot.trim_start().len() > 20;
        // Where there is nothing else, there is no left either.
        assert!(is_right == (number % 2 == 1) || told(page).len() < 20, "{foot}");
        body.push((number, page));
    }
    let contents = [pages[2], pages[3]].concat();
    let mut checked = 0;
    for (title, number) in contents.lines().filter_map(|line| line.split_once("....")) {
        let number = number.trim_matches('.').trim();
        let number: usize =
            number.parse().unwrap_or_else(|_| panic!("{title}: {number}"));
        let near = body.iter().filter(|(page, _)| page.abs_diff(number) <= 2);
        let found = near.into_iter().any(|(_, page)| told(page).contains(&told(title)));
        assert!(found, "no {title} about page {number}");
        checked += 1;
    }
    assert!(checked > 30, "{checked}");
}

/// LibreOffice sets the draft of the poster on one sheet of A3, all of it, with its chart.
#[test]
fn libreoffice_keeps_the_poster_on_one_sheet() {
    let work = Project::empty();
    let draft = outputs().join("sample-poster.docx");
    let pdf = printed_with_our_fonts(&draft, work.path());
    let output = judge("pdfinfo", &[&pdf.display().to_string()]);
    let info = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in ["Pages:           1", "Page size:       841.89 x 1190.55 pts (A3)"] {
        assert!(info.contains(line), "no `{line}` in\n{info}");
    }
    let text = seed::letters(&text_of(&pdf, &["-raw"]));
    let parts =
        ["聚智创新同心致远", "3.86亿元", "上届1.95亿元", "亮点四", "田间地头办学堂"];
    for part in
        parts.into_iter().chain(["五年的阵地", "乡村科技小院", "数字与图片均为虚构"])
    {
        assert!(text.contains(part), "LibreOffice shows no `{part}`: {text}");
    }
}

/// The way out works: stock Typst sets every word of the ejected files where we
/// set it.
#[test]
fn stock_typst_makes_the_same_pages_of_ejected_files() {
    const COMPILE: &str = "import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], root=sys.argv[3],
              font_paths=[sys.argv[4]], ignore_system_fonts=True)";
    let work = Project::empty();
    let (own, plain) = (root().display().to_string(), work.path().join("plain"));
    let plain_shown = plain.display().to_string();
    let arguments = ["build", "xinchang-8", "--eject", &plain_shown, "--project", &own];
    let run = work.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let python = std::env::var("TYPST_PYTHON").unwrap_or_else(|_| "python3".into());
    let pdf = work.path().join("stock.pdf");
    let fonts = root().join("fonts").display().to_string();
    let main = plain.join("main.typ").display().to_string();
    let output = judge(
        &python,
        &["-c", COMPILE, &main, &pdf.display().to_string(), &plain_shown, &fonts],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let words = |path: &Path| -> Vec<String> {
        let text = text_of(path, &["-bbox"]);
        let placed =
            text.lines().filter(|line| line.contains("<word") || line.contains("<page"));
        // What only the line breaker needs is in the text of stock Typst's pages.
        let unseen = ['\u{2060}', '\u{AD}', '\u{200B}'];
        placed.map(|line| line.replace(unseen, "")).collect()
    };
    let ours = words(&outputs().join("xinchang-8-handout.pdf"));
    assert!(ours.len() > 200, "{} words", ours.len());
    let theirs = words(&pdf);
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        // Without what is not seen, places are rounded after other characters.
        let parts = |line: &str| -> (Vec<f64>, String) {
            let (numbers, rest): (Vec<&str>, Vec<&str>) =
                line.split('"').partition(|part| part.parse::<f64>().is_ok());
            (numbers.iter().filter_map(|n| n.parse().ok()).collect(), rest.concat())
        };
        let ((places, text), (own, own_text)) = (parts(theirs), parts(ours));
        let near = places.iter().zip(&own).all(|(a, b)| (a - b).abs() < 0.001);
        assert!(near && text == own_text, "{theirs}\n{ours}");
    }
}

/// Every template of the differential cases merges as docxtpl merges it, but for
/// what a case says to differ on purpose.
#[test]
fn docxtpl_merges_the_same_templates_alike() {
    let python = std::env::var("DOCXTPL_PYTHON")
        .or_else(|_| std::env::var("TYPST_PYTHON"))
        .unwrap_or_else(|_| "python3".into());
    let validator =
        std::env::var("OOXML_VALIDATOR").unwrap_or_else(|_| "ooxml-validator".into());
    let compare = root().join("tests/differential/compare.py").display().to_string();
    let huikan = env!("CARGO_BIN_EXE_huikan");
    let arguments = [&compare, "--huikan", huikan, "--validator", &validator];
    let output = judge(&python, &arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed: Vec<&str> =
        said.lines().filter(|line| !line.starts_with("ok ")).collect();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{wrong}", failed.join("\n"));
}
