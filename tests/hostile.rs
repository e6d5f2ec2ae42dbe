//! Bad files: each is refused with a message that says what to do, or does no harm.
//!
//! The messages are whole in `snapshots`, in both languages.

mod support;

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use support::word::{
    W, Word, body_of, document, entries, faults, merge, paragraph, told, zip,
};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A file that somebody takes for a template.
struct File(Vec<u8>);

impl File {
    fn of(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// It is refused; gives what is told.
    fn refused(self) -> String {
        self.refused_with(&json!({}))
    }

    fn refused_with(self, data: &Value) -> String {
        match merge(self.0, data) {
            Ok(_) => panic!("it was merged"),
            Err(faults) => told(&faults),
        }
    }

    /// It is merged without a word; gives the output.
    fn merged(self, data: &Value) -> Vec<u8> {
        match merge(self.0, data) {
            Ok((bytes, warnings)) => {
                assert_eq!(told(&warnings), "");
                assert_eq!(told(&faults(&bytes)), "");
                bytes
            }
            Err(faults) => panic!("{}", told(&faults)),
        }
    }
}

impl From<Word> for File {
    fn from(word: Word) -> Self {
        Self(word.bytes())
    }
}

/// The messages of several files, each under its title.
fn messages(files: impl IntoIterator<Item = (&'static str, File)>) -> String {
    let told =
        files.into_iter().map(|(title, file)| format!("## {title}\n{}", file.refused()));
    told.collect()
}

/// A compound file whose directory has one name.
fn compound(name: &str) -> Vec<u8> {
    let mut bytes = vec![0; 512 * 3];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    bytes[30] = 9;
    bytes[48] = 1;
    bytes[512 + 4..512 + 8].fill(0xff);
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes[1024..1024 + units.len()].copy_from_slice(&units);
    bytes[1024 + 64] = units.len() as u8 + 2;
    bytes
}

#[test]
fn what_is_no_word_document() {
    let mut cut = Word::text("x").bytes();
    cut.truncate(cut.len() / 2);
    golden!(messages([
        ("text", File::of("hello")),
        ("nothing", File::of("")),
        ("a zip that is cut off", File::of(cut)),
        ("encrypted", File::of(compound("EncryptedPackage"))),
        ("old", File::of(compound("WordDocument"))),
        ("a workbook", File::of(compound("Workbook"))),
        ("no content types", Word::text("x").without("[Content_Types].xml").into()),
        ("no relationships", Word::text("x").without("_rels/.rels").into()),
        ("no body", Word::text("x").without("word/document.xml").into()),
        ("another zip", File::of(zip(&[("a.txt".into(), b"x".to_vec())]))),
    ]));
}

/// The relationships of the body, and everything but the body, may be missing.
#[test]
fn optional_parts_may_be_missing() {
    let word = Word::text("{{ x }}");
    let bare = word
        .without("word/_rels/document.xml.rels")
        .without("word/styles.xml")
        .without("word/numbering.xml");
    let merged = File::from(bare).merged(&json!({"x": 1}));
    assert!(body_of(&merged).contains(">1</w:t>"));
}

fn stored(name: &str, content: &[u8], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Word::text("x").bytes()));
    zip.start_file(name, SimpleFileOptions::default().compression_method(method))
        .expect("entry");
    zip.write_all(content).expect("its bytes");
    zip.finish().expect("a zip file").into_inner()
}

/// Replaces the declared sizes of the first entry of a name in the directory and
/// in its own header.
fn with_size(mut bytes: Vec<u8>, name: &str, from: u32, to: u32) -> Vec<u8> {
    let (from, to) = (from.to_le_bytes(), to.to_le_bytes());
    let headers: Vec<usize> = (0..bytes.len() - name.len())
        .filter(|at| bytes[*at..].starts_with(name.as_bytes()))
        .collect();
    assert!(!headers.is_empty());
    for at in headers {
        let size = (at - 24..at).find(|at| bytes[*at..].starts_with(&from));
        if let Some(size) = size {
            bytes[size..size + 4].copy_from_slice(&to);
        }
    }
    bytes
}

#[test]
fn bombs() {
    let zeros = vec![b'0'; 64 << 20];
    let bomb = stored("word/media/a.bin", &zeros, CompressionMethod::Deflated);
    let many: Vec<(String, Vec<u8>)> =
        (0..10_001).map(|n| (format!("a{n}"), Vec::new())).collect();
    let small = Word::text("{{ x }}").bytes();
    let size = entries(&small)["word/document.xml"].len() as u32;
    let huge = with_size(small.clone(), "word/document.xml", size, 0x7fff_ffff);
    let lying = with_size(small, "word/document.xml", size, size - 1);
    golden!(messages([
        ("ratio", File::of(bomb)),
        ("entries", File::of(zip(&many))),
        ("declared size", File::of(huge)),
        ("more than declared", File::of(lying)),
    ]));
}

#[test]
fn names_that_leave_the_package() {
    let named = |name: &'static str| (name, Word::text("x").raw(name, "x").into());
    golden!(messages([
        named("../x.xml"),
        named("word/../../x.xml"),
        named("/etc/x.xml"),
        named("word\\x.xml"),
        named("C:x.xml"),
        named("word/x\0.xml"),
        named("WORD/document.XML"),
    ]));
}

#[test]
fn damaged_parts() {
    let header =
        |xml: &str| Word::text("x").related_part("word/header1.xml", "header", xml);
    let open = format!("<w:hdr xmlns:w=\"{W}\">");
    golden!(messages([
        ("body", Word::body("<w:p>").into()),
        ("body without tags", Word::body("<w:p></w:x>").into()),
        ("tagged header", header(&format!("{open}<w:p>{{{{ x }}}}")).into()),
        ("control character", Word::body("<w:p>\u{1}</w:p>").into()),
        ("content types", Word::text("x").raw("[Content_Types].xml", "<Types>").into()),
        (
            "relationships",
            Word::text("{{ x }}")
                .raw("word/_rels/document.xml.rels", "<R><R></R>")
                .into(),
        ),
        ("unknown entity", Word::body("<w:p>&x;</w:p>").into()),
        (
            "UTF-16 in name only",
            Word::text("x").raw("word/document.xml", b"\xff\xfe<".to_vec()).into()
        ),
    ]));
    // Nobody looks into a part without tags: it is copied.
    for damaged in ["<w:hdr", "", "<w:hdr><w:p>", "<!DOCTYPE x><x/>", "plain"] {
        let (merged, warnings) = header(damaged).merge(&json!({})).expect("merged");
        assert_eq!(told(&warnings), "");
        assert_eq!(entries(&merged)["word/header1.xml"], damaged.as_bytes());
    }
}

#[test]
fn entities_are_never_expanded() {
    let laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let body = document(&paragraph("&b; {{ x }}"));
    let body = body.replace("<w:document", &format!("{laughs}<w:document"));
    let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>";
    golden!(messages([
        ("billion laughs", Word::text("x").raw("word/document.xml", body).into()),
        ("external", Word::text("x").raw("word/document.xml", external).into()),
    ]));
}

#[test]
fn tags_that_are_not_closed() {
    golden!(messages([
        ("value", Word::text("a {{ b").into()),
        ("statement", Word::text("a {% if b").into()),
        ("comment", Word::text("a {# b").into()),
        (
            "in another paragraph",
            Word::body(&(paragraph("{{ a") + &paragraph("}}"))).into()
        ),
    ]));
}

#[test]
fn endless_recursion_is_stopped() {
    let one = "{% macro a(n) %}{{ a(n + 1) }}{% endmacro %}{{ a(0) }}";
    let two = "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}";
    let looped = "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}";
    golden!(messages([
        ("macro", Word::text(one).into()),
        ("two macros", Word::text(two).into()),
        ("loop", Word::text(looped).into()),
    ]));
}

#[test]
fn deep_nesting_overflows_nothing() {
    let depth = 10_000;
    let deep = |open: &str, close: &str, inside: &str| {
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    let body = deep("<w:smartTag>", "</w:smartTag>", &paragraph("{{ x }}"));
    File::from(Word::body(&body)).merged(&json!({"x": 1}));
    let tables =
        deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", &paragraph("{{ x }}"));
    File::from(Word::body(&(tables + "<w:p/>"))).merged(&json!({"x": 1}));
    let mut data = json!(1);
    for _ in 0..100 {
        data = json!([data]);
    }
    File::from(Word::text("{{ x }}")).merged(&json!({ "x": data }));
    let brackets = format!("{{{{ {}1{} }}}}", "(".repeat(1000), ")".repeat(1000));
    let _ = merge(Word::text(&brackets).bytes(), &json!({}));
}

/// Ten megabytes in one paragraph, in one run and in very many.
#[test]
fn long_paragraphs_are_merged() {
    let text = "字".repeat(3 << 20);
    let merged =
        File::from(Word::text(&format!("{text}{{{{ x }}}}"))).merged(&json!({"x": "!"}));
    assert!(body_of(&merged).contains(&format!("{text}!")));

    let runs = "<w:r><w:t>{{ x }}</w:t></w:r>".repeat(20_000);
    let merged =
        File::from(Word::body(&format!("<w:p>{runs}</w:p>"))).merged(&json!({"x": "!"}));
    assert_eq!(body_of(&merged).matches("!</w:t>").count(), 20_000);

    let value = "a\n".repeat(1 << 20);
    let merged = File::from(Word::text("{{ x }}")).merged(&json!({ "x": value }));
    assert_eq!(body_of(&merged).matches("<w:br/>").count(), 1 << 20);

    let braces = "{ ".repeat(1 << 20);
    File::from(Word::text(&braces)).merged(&json!({}));
}

/// Bookmarks, controls and drawings of one name, very many times.
#[test]
fn long_loops_keep_ids_unique() {
    let item = "<w:p><w:bookmarkStart w:id=\"1\" w:name=\"a\"/><w:sdt><w:sdtPr><w:id w:val=\"1\"/></w:sdtPr>\
        <w:sdtContent><w:r><w:t>{{ i }}</w:t></w:r></w:sdtContent></w:sdt><w:bookmarkEnd w:id=\"1\"/></w:p>";
    let body =
        paragraph("{%p for i in range(20000) %}") + item + &paragraph("{%p endfor %}");
    let merged = File::from(Word::body(&body)).merged(&json!({}));
    assert!(body_of(&merged).contains("w:name=\"a_20000\""));
}

/// Roots as other programs write them.
#[test]
fn other_programs_write_other_roots() {
    let strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";
    let roots = [
        // LibreOffice
        format!(
            "<w:document xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
             xmlns:r=\"{R}\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:w=\"{W}\" \
             xmlns:w10=\"urn:schemas-microsoft-com:office:word\" \
             xmlns:mc=\"{MC}\" xmlns:wp14=\"http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing\" \
             mc:Ignorable=\"w14 wp14 w15\">",
            R = support::word::R,
            MC = MC
        ),
        // Google Docs
        format!(
            "<w:document xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
             xmlns:lc=\"http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas\" \
             xmlns:r=\"{}\" xmlns:w=\"{W}\" xmlns:sl=\"http://schemas.openxmlformats.org/schemaLibrary/2006/main\">",
            support::word::R
        ),
        // WPS
        format!(
            "<w:document xmlns:wpc=\"http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas\" \
             xmlns:mc=\"{MC}\" xmlns:r=\"{}\" xmlns:w=\"{W}\" \
             xmlns:wpsCustomData=\"http://www.wps.cn/officeDocument/2013/wpsCustomData\" \
             mc:Ignorable=\"w14 w15 wp14\">",
            support::word::R
        ),
        // Strict
        format!("<w:document w:conformance=\"strict\" xmlns:w='{strict}'\n>"),
    ];
    for root in roots {
        let body = "<w:body><w:p w:rsidR=\"1\"><w:r><w:rPr/><w:t xml:space='default'>a {{ x }}</w:t></w:r>\
            <w:proofErr w:type=\"spellEnd\"/></w:p><w:sectPr/></w:body></w:document>";
        let word =
            Word::text("").raw("word/document.xml", format!("\u{feff}{root}{body}"));
        let merged = File::from(word).merged(&json!({"x": "<1>"}));
        assert!(body_of(&merged).contains("a &lt;1&gt;</w:t>"), "{root}");
    }
    // Some programs rename prefixes: values are printed, blocks need Word's own.
    let renamed = |text: &str| {
        let body = document(&paragraph(text)).replace("w:", "ns0:");
        let body = body.replace("xmlns:w=", "xmlns:ns0=");
        File::from(Word::text("").raw("word/document.xml", body))
    };
    let merged = renamed("{{ x }}").merged(&json!({"x": "<1>"}));
    let document = &entries(&merged)["word/document.xml"];
    let document = String::from_utf8_lossy(document);
    assert!(document.contains("<ns0:t>&lt;1&gt;</ns0:t>"), "{document}");
    golden!(renamed("{%p if x %}{%p endif %}").refused());
}

const MC: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
