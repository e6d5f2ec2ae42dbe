//! Parity: what a PDF and a Word document say, and what differs between them.

mod support;

use std::io::{Cursor, Read};

use huikan::check::parity::account::{Account, Kind, Piece, Spot};
use huikan::check::parity::align::{Link, align};
use huikan::check::parity::origin::Origins;
use huikan::check::parity::{differences, from_pdf, from_word, pdf_account};
use huikan::data::Dataset;
use huikan::diag::Diagnostics;
use huikan::docx::reading;
use huikan::pdf::reading::File;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};
use serde_json::Value;
use support::pdf::{objects, tagged};
use support::project::Project;
use support::word::{self, Word, paragraph};
use zip::ZipArchive;

// ------------------------------------------------------------- shipped packages

/// The packages that have both sides.
fn two_sided() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let entries = std::fs::read_dir(folder).expect("templates").flatten();
    let both = entries.filter(|entry| {
        ["main.typ", "main.docx"].iter().all(|file| entry.path().join(file).is_file())
    });
    let mut names: Vec<String> =
        both.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn shipped_packages_say_the_same_on_both_sides() {
    let names = two_sided();
    assert!(names.len() >= 2, "{names:?}");
    for name in names {
        let project = Project::empty();
        project.run(&["init", "own", "-t", &name]);
        let run = project.run(&["check", "--parity", "--project", "own"]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("PDF and Word draft say the same"), "{}", run.stderr);
    }
}

#[test]
fn the_real_report_and_the_congress_sample_say_the_same_on_both_sides() {
    let project = Project::empty();
    project.run(&["init", "own", "--sample", "congress"]);
    for folder in ["own", env!("CARGO_MANIFEST_DIR")] {
        let run = project.run(&["check", "--parity", "--project", folder]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stderr.contains("PDF and Word draft say the same"), "{}", run.stderr);
        assert!(!run.stderr.contains("differ"), "{}", run.stderr);
    }
}

/// Anchors in a draft are no content.
#[test]
fn drafts_and_clean_documents_read_alike() {
    let read = |arguments: &[&str]| {
        let project = Project::empty();
        project.run(&["init", "own", "-t", "report"]);
        let build =
            [&["build", "--project", "own", "-f", "docx", "-o", "out"], arguments];
        let run = project.run(&build.concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let bytes = std::fs::read(project.path().join("out/sample-report.docx"))
            .expect("a draft");
        from_word::account(&reading::read("x", bytes).expect("a document"))
    };
    let (draft, clean) = (read(&[]), read(&["--no-anchors"]));
    assert_eq!((draft.body, draft.notes), (clean.body, clean.notes));
}

// ---------------------------------------------------------- altered templates

/// A project with a copy of a package, to be altered.
struct Altered(Project);

/// A difference that was told.
#[derive(Debug)]
struct Told {
    code: String,
    pointer: String,
    notes: String,
}

impl Altered {
    fn of(package: &str) -> Self {
        let project = Project::empty();
        for arguments in [
            vec!["init", "own", "-t", package],
            vec!["templates", "--project", "own", "--copy", package, "--to", "ours"],
        ] {
            let run = project.run(&arguments);
            assert_eq!(run.code, Some(0), "{}", run.stderr);
        }
        Self(project)
    }

    /// With something else in main.typ.
    fn typst(self, old: &str, new: &str) -> Self {
        let path = self.0.path().join("own/templates/ours/main.typ");
        let text = std::fs::read_to_string(path).expect("a template");
        assert!(text.contains(old), "no `{old}`");
        self.0.write("own/templates/ours/main.typ", text.replace(old, new).as_bytes());
        self
    }

    /// With a text of the PDF shown as another.
    fn shown(self, old: &str, new: &str) -> Self {
        self.typst("#context {", &format!("#show \"{old}\": \"{new}\"\n#context {{"))
    }

    /// With something else in the body of main.docx.
    fn word(self, old: &str, new: &str) -> Self {
        let path = self.0.path().join("own/templates/ours/main.docx");
        let file = Cursor::new(std::fs::read(path).expect("a template"));
        let mut archive = ZipArchive::new(file).expect("a zip");
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("bytes");
            if entry.name() == "word/document.xml" {
                let text = String::from_utf8(bytes).expect("UTF-8");
                assert!(text.contains(old), "no `{old}`");
                bytes = text.replace(old, new).into_bytes();
            }
            entries.push((entry.name().to_owned(), bytes));
        }
        self.0.write("own/templates/ours/main.docx", &word::zip(&entries));
        self
    }

    /// What is told of it.
    fn told(&self) -> Vec<Told> {
        let run = self.0.run(&[
            "check",
            "--parity",
            "--project",
            "own",
            "-t",
            "ours",
            "--message-format",
            "json",
        ]);
        let lines: Vec<Value> = run
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let errors = lines.iter().filter(|line| line["severity"] == "error");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let told: Vec<Told> = errors
            .map(|line| Told {
                code: text(&line["code"]),
                pointer: text(&line["place"]["pointer"]),
                notes: line["notes"].to_string(),
            })
            .collect();
        let last = lines.last().expect("a line");
        assert_eq!(last["kind"], "parity", "{run:?}", run = run.stdout);
        assert_eq!(last["same"], told.is_empty());
        assert_eq!(run.code, Some(i32::from(!told.is_empty())), "{}", run.stdout);
        told
    }

    /// The only difference.
    #[track_caller]
    fn only(&self, code: &str, pointer: &str) -> Told {
        let mut told = self.told();
        assert_eq!(told.len(), 1, "{told:?}");
        let only = told.remove(0);
        assert_eq!((only.code.as_str(), only.pointer.as_str()), (code, pointer));
        only
    }
}

#[test]
fn a_copied_package_has_no_difference() {
    assert!(Altered::of("handout").told().is_empty());
}

#[test]
fn a_dropped_paragraph_is_found() {
    let altered = Altered::of("handout").word("{{p closing }}", "");
    let told = altered.only("parity/paragraph", "/closing");
    assert!(told.notes.contains("PDF page 2: 新的五年"), "{}", told.notes);
    let altered = Altered::of("handout").typst("if lead.blocks.len() > 0", "if false");
    let told = altered.only("parity/paragraph", "/lead");
    assert!(told.notes.contains("Word paragraph 5: 过去五年"), "{}", told.notes);
}

#[test]
fn a_changed_cell_is_found() {
    let told = Altered::of("report").shown("6340", "6341").only("parity/cell", "/body");
    assert!(told.notes.contains("PDF page 4: 【6341】"), "{}", told.notes);
    assert!(told.notes.contains("(table row 6, cell 4): 【6340】"), "{}", told.notes);
    let altered = Altered::of("handout").word("{{ f.label }}", "{{ f.label }}多");
    let told = altered.told();
    assert_eq!(told.len(), 4, "{told:?}");
    let wanted = (0..4).map(|n| ("parity/cell".into(), format!("/figures/{n}/label")));
    let found = told.into_iter().map(|told| (told.code, told.pointer));
    assert_eq!(found.collect::<Vec<_>>(), wanted.collect::<Vec<(String, String)>>());
}

#[test]
fn another_level_of_a_heading_is_found() {
    let altered = Altered::of("handout");
    let told = altered.typst("signed-heading(2, name", "signed-heading(3, name").told();
    assert!(told.iter().all(|told| told.code == "parity/heading"), "{told:?}");
    let pointers: Vec<&str> = told.iter().map(|told| told.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/highlights/0/sections/0/title",
            "/highlights/0/sections/1/title",
            "/highlights/1/sections/0/title",
            "/highlights/1/sections/1/title"
        ]
    );
}

#[test]
fn a_heading_that_is_none_is_found() {
    let style = "<w:pStyle w:val=\"Heading1\"/>";
    let told = Altered::of("handout").word(style, "<w:pStyle w:val=\"Lead\"/>").told();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|told| told.code == "parity/heading"), "{told:?}");
    assert_eq!(told[0].pointer, "/highlights/0/title");
}

#[test]
fn a_missing_footnote_is_found() {
    let library = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/huikan.typ");
    let library = std::fs::read_to_string(library).expect("the library");
    let note = "    footnote(inside.map(";
    assert!(library.contains(note));
    let altered = Altered::of("report");
    let library = library.replace(note, "    (it => none)(inside.map(");
    altered.0.write("own/templates/huikan.typ", library.as_bytes());
    let told = altered.told();
    let codes: Vec<&str> = told.iter().map(|told| told.code.as_str()).collect();
    assert_eq!(codes, [["parity/paragraph"; 3], ["parity/footnote"; 3]].concat());
    assert!(told.iter().all(|told| told.pointer == "/body"), "{told:?}");
    // Each paragraph has lost the mark of its note.
    assert!(told[0].notes.contains("【[*]】"), "{told:?}");
}

#[test]
fn a_missing_mark_of_a_footnote_is_found() {
    let rule = "#show footnote: none\n#context {";
    let told = Altered::of("report").typst("#context {", rule).told();
    let codes: Vec<&str> = told.iter().map(|told| told.code.as_str()).collect();
    assert_eq!(codes, ["parity/paragraph"; 3], "{told:?}");
}

#[test]
fn a_changed_caption_is_found() {
    let altered = Altered::of("handout").shown("工艺改进（", "工艺革新（");
    let told = altered.only("parity/caption", "/highlights/0/photos/0/caption");
    assert!(told.notes.contains("【革新】"), "{}", told.notes);
    assert!(told.notes.contains("【改进】"), "{}", told.notes);
}

#[test]
fn another_alternative_text_is_found() {
    let altered = Altered::of("handout").word("alt=photo.alt", "alt=photo.caption");
    let told = altered.told();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(
        (told[0].code.as_str(), told[0].pointer.as_str()),
        ("parity/picture", "/highlights/0/photos/0/alt")
    );
}

#[test]
fn another_order_is_found() {
    let altered = Altered::of("handout")
        .word("{{ masthead.subtitle }}", "{{ swap }}")
        .word("{{ masthead.event_line }}", "{{ masthead.subtitle }}")
        .word("{{ swap }}", "{{ masthead.event_line }}");
    let told = altered.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].code, "parity/order");
    assert!(told[0].pointer.starts_with("/masthead/"), "{told:?}");
}

/// Of a dataset that is printed in part, places are told in the whole of it.
#[test]
fn pointers_are_those_of_the_whole_dataset() {
    let project = Project::empty();
    project.run(&["init", "own", "--sample", "congress"]);
    let copy = ["templates", "--project", "own", "--copy", "report", "--to", "ours"];
    assert_eq!(project.run(&copy).code, Some(0));
    let manifest = std::fs::read_to_string(project.path().join("own/huikan.toml"));
    let manifest = manifest.expect("a manifest").replace("\"report\"", "\"ours\"");
    project.write("own/huikan.toml", manifest.as_bytes());
    let altered = Altered(project).typst("data.subtitle", "\"——副题\"");
    altered.only("parity/paragraph", "/documents/items/1/subtitle");
}

/// The message as people see it.
#[test]
fn differences_are_told_with_both_texts_and_the_place_of_each() {
    let altered = Altered::of("handout").shown("188", "189");
    for lang in ["en", "zh"] {
        let check =
            ["check", "--parity", "--project", "own", "-t", "ours", "--lang", lang];
        insta::assert_snapshot!(format!("parity_{lang}"), altered.0.run(&check).stderr);
    }
}

// ------------------------------------------------------------------ alignment

fn piece(kind: Kind, text: &str) -> Piece {
    Piece::new(kind, text, Spot::Page(1))
}

fn paragraphs(texts: &[&str]) -> Vec<Piece> {
    texts.iter().map(|text| piece(Kind::Paragraph, text)).collect()
}

#[test]
fn what_is_parted_differently_is_one_difference() {
    let first = paragraphs(&["甲乙", "丙丁戊", "尾"]);
    let second = paragraphs(&["甲", "乙", "丙丁戊", "尾"]);
    let links = align(&first, &second);
    assert_eq!(links, [Link::Parted(0..1, 0..2), Link::Same(1, 2), Link::Same(2, 3)]);
}

#[test]
fn what_is_alike_is_a_change_and_the_rest_is_missing() {
    let first = paragraphs(&["五年来新建十二家", "只有这里才有的话"]);
    let second = paragraphs(&["另外一段毫不相干", "五年来新建十三家"]);
    let links = align(&first, &second);
    assert!(links.contains(&Link::Changed(0, 1)), "{links:?}");
    assert_eq!(links.len(), 3, "{links:?}");
}

fn any_piece() -> impl Strategy<Value = Piece> {
    let kinds = [Kind::Paragraph, Kind::Heading(1), Kind::Item, Kind::Caption];
    let kind = prop::sample::select(kinds.to_vec());
    (kind, "[甲乙丙丁]{1,4}").prop_map(|(kind, text)| piece(kind, &text))
}

fn covered(links: &[Link]) -> (Vec<usize>, Vec<usize>) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for link in links {
        match link.clone() {
            Link::Same(i, j) | Link::Changed(i, j) | Link::Moved(i, j) => {
                first.push(i);
                second.push(j);
            }
            Link::Parted(a, b) => {
                first.extend(a);
                second.extend(b);
            }
            Link::First(i) => first.push(i),
            Link::Second(j) => second.push(j),
        }
    }
    first.sort_unstable();
    second.sort_unstable();
    (first, second)
}

#[test]
fn only_so_many_differences_are_told_one_by_one() {
    let texts: Vec<String> = (0..100).map(|n| format!("第{n}段")).collect();
    let body = texts.iter().map(|text| piece(Kind::Paragraph, text)).collect();
    let (account, dataset) = (Account { body, notes: Vec::new() }, nothing());
    let none = Account::default();
    let found = differences::find(&account, &none, &Origins::of(&dataset), 9);
    assert_eq!((found.told.len(), found.more), (9, 91));
}

fn nothing() -> Dataset {
    let mut faults = Diagnostics::new();
    Dataset::read("x.json", b"{}", &mut faults).expect("a dataset")
}

/// As in `properties.rs`: the same cases on every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(5),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource(
            "regressions",
        ))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_account_has_no_difference_from_itself(
        body in prop::collection::vec(any_piece(), 0..40)
    ) {
        let account = Account { notes: body.clone(), body };
        let dataset = nothing();
        let found = differences::find(&account, &account, &Origins::of(&dataset), 9);
        prop_assert!(found.told.is_empty() && found.more == 0, "{:?}", found);
    }

    #[test]
    fn every_piece_is_told_once(
        first in prop::collection::vec(any_piece(), 0..30),
        second in prop::collection::vec(any_piece(), 0..30),
    ) {
        let (a, b) = covered(&align(&first, &second));
        prop_assert_eq!(a, (0..first.len()).collect::<Vec<_>>());
        prop_assert_eq!(b, (0..second.len()).collect::<Vec<_>>());
    }

    #[test]
    fn one_missing_piece_is_one_difference(
        body in prop::collection::vec(any_piece(), 1..40),
        at in 0..40_usize,
    ) {
        let mut less = body.clone();
        less.remove(at % body.len());
        let links = align(&body, &less);
        let apart = links.iter().filter(|link| !matches!(link, Link::Same(..))).count();
        prop_assert_eq!(apart, 1, "{:?}", links);
    }
}

// ------------------------------------------------------------- reading a PDF

fn account_of(bytes: Vec<u8>) -> Account {
    from_pdf::account(&File::open(bytes).expect("a PDF").structure().expect("tags"))
}

fn told(pieces: &[Piece]) -> Vec<(Kind, &str)> {
    pieces.iter().map(|piece| (piece.kind, piece.key.as_str())).collect()
}

#[test]
fn text_is_read_through_fonts_and_replacements() {
    let content = "/Artifact BMC BT /F 1 Tf <0004> Tj ET EMC \
        /P << /MCID 0 >> BDC BT /F 1 Tf [<0001> -200 <0002>] TJ \
        /Span << /ActualText <FEFF4E19> >> BDC <00010002> Tj EMC <0003> Tj ET EMC \
        /Span << /MCID 1 >> BDC q BT /F 1 Tf <0004> Tj ET Q EMC BT /F 1 Tf <0002> Tj ET";
    let tags = [
        "<< /S /Document /K [11 0 R 12 0 R] >>",
        "<< /S /Title /Pg 3 0 R /K 0 >>",
        "<< /S /Chapter /Pg 3 0 R /K [13 0 R 12 0 R] >>",
        "<< /S /H2 /K << /Type /MCR /Pg 3 0 R /MCID 1 >> >>",
    ];
    let bytes = tagged(content, "/Title /P /Chapter /Sect", &tags);
    let file = File::open(bytes.clone()).expect("a PDF");
    assert_eq!(file.pages(), 1);
    assert_eq!(file.text()[0].unmarked, "乙");
    assert_eq!(file.text()[0].artifacts, "字");
    let outline = file.outline();
    assert_eq!(outline.len(), 1);
    assert_eq!((outline[0].level, outline[0].title.as_str()), (1, "甲"));
    // A tag inside of itself is read once.
    let account = account_of(bytes.clone());
    let wanted = [(Kind::Paragraph, "甲乙丙fi"), (Kind::Heading(2), "字")];
    assert_eq!(told(&account.body), wanted);
    let said = pdf_account(&bytes).expect("a PDF").warnings;
    let codes: Vec<&str> = said.iter().map(|warning| warning.code.as_ref()).collect();
    assert_eq!(codes, ["parity/untagged", "parity/outline"]);
}

#[test]
fn tables_lists_notes_and_contents_are_told_as_what_they_are() {
    let shown = |id: usize, code: &str| {
        format!("/P << /MCID {id} >> BDC BT /F 1 Tf <{code}> Tj ET EMC ")
    };
    let codes = ["0001", "0002", "0004", "00010002", "00020001", "0003", "00010001"];
    let content: String =
        codes.iter().zip(0..).map(|(code, id)| shown(id, code)).collect();
    let tags = [
        "<< /S /Document /Pg 3 0 R /K [11 0 R 15 0 R 18 0 R 20 0 R] >>",
        "<< /S /Table /Pg 3 0 R /K [12 0 R 13 0 R] >>",
        "<< /S /TR /Pg 3 0 R /K << /S /TH /A << /O /Table /ColSpan 2 >> /K 0 >> >>",
        "<< /S /TR /Pg 3 0 R /K [14 0 R << /S /TD /K 2 >>] >>",
        "<< /S /TD /Pg 3 0 R /K 1 >>",
        "<< /S /L /Pg 3 0 R /K << /S /LI /K [16 0 R 17 0 R] >> >>",
        "<< /S /Lbl /Pg 3 0 R /K 3 >>",
        "<< /S /LBody /Pg 3 0 R /K [4 << /S /Lbl /K 3 >> << /S /Note /K [<< /S /Lbl /K 3 >> 5] >>] >>",
        "<< /S /TOC /Pg 3 0 R /K << /S /TOCI /K 6 >> >>",
        "<< /S /Null >>",
        "<< /S /Figure /Pg 3 0 R /Alt <FEFF56FE> /K 6 >>",
    ];
    let account = account_of(tagged(&content, "", &tags));
    let body = told(&account.body);
    assert_eq!(body[0], (Kind::Caption, "甲"));
    let cells: Vec<(usize, usize, &str)> = body
        .iter()
        .filter_map(|(kind, text)| match kind {
            Kind::Cell(cell) => Some((cell.row, cell.column, *text)),
            _ => None,
        })
        .collect();
    assert_eq!(cells, [(1, 1, "乙"), (1, 2, "字")]);
    let rest = [(Kind::Item, "乙甲\u{2}"), (Kind::Picture, "图")];
    assert_eq!(body[3..], rest);
    assert_eq!(told(&account.notes), [(Kind::Note, "fi")]);
}

#[test]
fn what_is_no_pdf_is_refused() {
    assert!(File::open(b"no PDF".to_vec()).is_none());
    let untagged = objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
    ]);
    let fault = pdf_account(&untagged).expect_err("no tags").into_vec().remove(0);
    assert_eq!(fault.code, "parity/untagged");
}

// -------------------------------------------------- reading a Word document

fn styled(style: &str, inside: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inside}</w:p>")
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

fn with_styles(body: &str) -> Word {
    let style = |id: &str, name: &str, based: &str, level: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>\
             <w:basedOn w:val=\"{based}\"/><w:pPr>{level}</w:pPr></w:style>"
        )
    };
    let list = "<w:numPr><w:numId w:val=\"1\"/></w:numPr>";
    let styles = [
        style("H", "heading 2", "B", "<w:outlineLvl w:val=\"1\"/>"),
        style("C", "caption", "B", ""),
        style("D", "图题", "C", ""),
        style("L", "List Number", "B", list),
        style("T1", "toc 1", "B", ""),
        style("B", "Normal", "", ""),
    ];
    let styles =
        format!("<w:styles xmlns:w=\"{}\">{}</w:styles>", word::W, styles.concat());
    Word::body(body).raw("word/styles.xml", styles)
}

fn account_of_word(word: &Word) -> Account {
    from_word::account(&reading::read("x.docx", word.bytes()).expect("a document"))
}

#[test]
fn paragraphs_are_what_their_styles_say() {
    let body = [
        styled("H", &run("标题")),
        styled("D", &run("图")),
        styled("L", &run("项")),
        paragraph("目录"),
        styled("T1", &run("标题1")),
        styled("B", "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>"),
        styled("H", ""),
    ]
    .concat();
    let account = account_of_word(&with_styles(&body));
    let wanted = [
        (Kind::Heading(2), "标题"),
        (Kind::Caption, "图"),
        (Kind::Item, "项"),
        (Kind::Paragraph, "甲乙丙"),
    ];
    assert_eq!(told(&account.body), wanted);
    let Spot::Word(place) = &account.body[3].place else { panic!("no place") };
    assert_eq!((place.part.as_str(), place.paragraph), ("word/document.xml", 6));
}

#[test]
fn what_a_reader_does_not_see_is_not_told() {
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            run(result)
        )
    };
    let inside = [
        run("留"),
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>".into(),
        format!("<w:ins>{}</w:ins>", run("加")),
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>".into(),
        field("REF x", "见"),
        format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", run("控")),
    ]
    .concat();
    let body = format!(
        "<w:p>{inside}</w:p><w:p>{}</w:p>",
        field("TOC \\o &quot;1-2&quot;", "目录项")
    );
    let account = account_of_word(&Word::body(&body));
    assert_eq!(told(&account.body), [(Kind::Paragraph, "留加见控")]);
}

#[test]
fn tables_are_read_by_their_grid() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text))
    };
    let head = "<w:trPr><w:tblHeader/></w:trPr>";
    let rows = [
        format!(
            "<w:tr>{head}{}{}</w:tr>",
            cell("<w:gridSpan w:val=\"2\"/>", "甲"),
            cell("", "乙")
        ),
        format!(
            "<w:tr>{}{}{}</w:tr>",
            cell("<w:vMerge w:val=\"restart\"/>", "丙"),
            cell("", "丁"),
            cell("", "戊")
        ),
        format!(
            "<w:tr>{}{}{}</w:tr>",
            cell("<w:vMerge/>", "藏"),
            cell("", ""),
            cell("", "己")
        ),
    ];
    let body = format!("<w:tbl>{}</w:tbl>{}", rows.concat(), paragraph("后"));
    let account = account_of_word(&Word::body(&body));
    let cells: Vec<(usize, usize, bool, &str)> = account
        .body
        .iter()
        .filter_map(|piece| match piece.kind {
            Kind::Cell(cell) => {
                Some((cell.row, cell.column, cell.sure, piece.key.as_str()))
            }
            _ => None,
        })
        .collect();
    let wanted = [
        (1, 1, true, "甲"),
        (1, 3, true, "乙"),
        (2, 1, true, "丙"),
        (2, 2, true, "丁"),
        (2, 3, true, "戊"),
        (3, 3, true, "己"),
    ];
    assert_eq!(cells, wanted);
}

#[test]
fn notes_are_told_in_the_order_of_their_marks() {
    let mark = |id: usize| format!("<w:r><w:footnoteReference w:id=\"{id}\"/></w:r>");
    let note = |id: usize, text: &str| {
        format!("<w:footnote w:id=\"{id}\">{}</w:footnote>", paragraph(text))
    };
    let body = format!("<w:p>{}{}{}</w:p>", run("文"), mark(3), mark(2));
    let notes = format!(
        "<w:footnotes xmlns:w=\"{}\">{}{}</w:footnotes>",
        word::W,
        note(2, "第二"),
        note(3, "第三")
    );
    let word = Word::body(&body).related_part("word/footnotes.xml", "footnotes", &notes);
    let account = account_of_word(&word);
    assert_eq!(told(&account.body), [(Kind::Paragraph, "文\u{2}\u{2}")]);
    assert_eq!(told(&account.notes), [(Kind::Note, "第三"), (Kind::Note, "第二")]);
}
