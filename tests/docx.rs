//! Golden cases of the Word engine: dataset and body in, merged body or the
//! whole diagnostics out. One case is one file; see `cases/docx`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use huikan::diag::{Diagnostic, Lang, Style, Text, render};
use huikan::docx::{Base, Documents, Images, Purpose, Template, annotate};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"96\" height=\"48\">\
    <rect width=\"96\" height=\"48\" fill=\"#c00\"/></svg>";

/// One red pixel.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00,\
    \x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

struct Gallery;

impl Images for Gallery {
    fn load(&self, path: &str) -> Result<Arc<[u8]>, Text> {
        match path {
            "/project/a.svg" => Ok(SVG.as_bytes().into()),
            "/project/a.gif" => Ok(GIF.into()),
            "/project/broken.png" => Ok(b"\x89PNG\r\n\x1a\n".as_slice().into()),
            _ => Err(Text { zh: "没有这个文件".into(), en: "no such file".into() }),
        }
    }
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\">\
         <w:body>{body}</w:body></w:document>"
    )
}

fn styles() -> String {
    let paragraph = |id: &str, name: &str, inside: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{inside}</w:style>"
        )
    };
    let outline = |level: u8| format!("<w:pPr><w:outlineLvl w:val=\"{level}\"/></w:pPr>");
    let all = [
        paragraph("1", "heading 1", &outline(0)),
        paragraph("2", "heading 2", &outline(1)),
        paragraph("2a", "My Heading", "<w:basedOn w:val=\"2\"/>"),
        paragraph("LB", "List Bullet", ""),
        paragraph("TOC1", "toc 1", ""),
        paragraph("B", "Body Text", ""),
        "<w:style w:type=\"character\" w:styleId=\"S\"><w:name w:val=\"Strong\"/></w:style>".into(),
    ];
    format!("<w:styles xmlns:w=\"{W}\">{}</w:styles>", all.concat())
}

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
    <Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
    <Override PartName=\"/word/header1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>\
    <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
    </Types>";

const ROOT_RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";

/// Further parts that a package may have: the last segment of the relationship to
/// them, and their content type.
const FURTHER: [(&str, &str); 6] = [
    ("numbering", "wordprocessingml.numbering"),
    ("footnotes", "wordprocessingml.footnotes"),
    ("endnotes", "wordprocessingml.endnotes"),
    ("comments", "wordprocessingml.comments"),
    ("header", "wordprocessingml.header"),
    ("settings", "wordprocessingml.settings"),
];

/// A package with a body and, if given, further parts in place of the usual. Parts
/// that are known get a relationship `rIdNumbering` and the like.
fn package(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let (document, styles) = (document(body), styles());
    let header = format!("<w:hdr xmlns:w=\"{W}\"><w:p/></w:hdr>");
    let (mut types, mut relations) = (TYPES.to_owned(), RELATIONS.to_owned());
    for (name, _) in parts {
        let further = FURTHER.iter().find(|(kind, _)| {
            *name == format!("word/{kind}.xml") && !types.contains(&format!("/{name}\""))
        });
        let Some((kind, content)) = further else { continue };
        let content = format!(
            "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.{content}+xml\"/>"
        );
        types = types.replace("</Types>", &format!("{content}</Types>"));
        let id = format!("rId{}{}", kind[..1].to_uppercase(), &kind[1..]);
        let relation = format!(
            "<Relationship Id=\"{id}\" Type=\"{R}/{kind}\" Target=\"{kind}.xml\"/>"
        );
        relations =
            relations.replace("</Relationships>", &format!("{relation}</Relationships>"));
    }
    let mut all: Vec<(&str, &str)> = vec![
        ("[Content_Types].xml", &types),
        ("_rels/.rels", ROOT_RELATIONS),
        ("word/document.xml", &document),
        ("word/_rels/document.xml.rels", &relations),
        ("word/styles.xml", &styles),
        ("word/header1.xml", &header),
        ("docProps/core.xml", "<core/>"),
    ];
    for (name, content) in parts {
        all.retain(|(existing, _)| existing != name);
        all.push((name, content));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in all {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The files of a case: its template, and the documents that it may ask for.
#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Documents for Shelf {
    fn load(&self, path: &str) -> Result<Option<Arc<[u8]>>, Text> {
        Ok(self.0.get(path).map(|bytes| bytes.as_slice().into()))
    }

    fn list(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

impl Images for Shelf {
    fn load(&self, path: &str) -> Result<Arc<[u8]>, Text> {
        match self.0.get(path) {
            Some(bytes) => Ok(bytes.as_slice().into()),
            None => Gallery.load(path),
        }
    }
}

/// Markup without the indentation that makes a case readable.
fn joined(lines: &str) -> String {
    lines.lines().map(str::trim_start).collect()
}

/// The files of a case. After its body, `=== legal.docx` begins another document's,
/// and `=== legal.docx word/numbering.xml` one more part of that; parts need not
/// declare `w` and `r`.
fn shelf(case: &str) -> Shelf {
    let mut files: BTreeMap<&str, CaseFile<'_>> = BTreeMap::new();
    for (index, section) in case.split("\n=== ").enumerate() {
        let (title, content) = match index {
            0 => ("main.docx", section),
            _ => section.split_once('\n').unwrap_or((section, "")),
        };
        let content = joined(content);
        match title.split_once(' ') {
            None => files.entry(title).or_default().body = content,
            Some((file, part)) => {
                files.entry(file).or_default().parts.push((part, declared(&content)));
            }
        }
    }
    Shelf(files.iter().map(|(name, file)| (name.to_string(), file.pack())).collect())
}

/// A document of a case.
#[derive(Default)]
struct CaseFile<'c> {
    body: String,
    parts: Vec<(&'c str, String)>,
}

impl CaseFile<'_> {
    fn pack(&self) -> Vec<u8> {
        let parts = self.parts.iter().map(|(name, text)| (*name, text.as_str()));
        package(&self.body, &parts.collect::<Vec<_>>())
    }
}

/// A part whose root declares the usual prefixes.
fn declared(part: &str) -> String {
    let bare = part.starts_with("<w:") && !part.contains("xmlns:w=");
    match part.find(['>', '/']).filter(|_| bare) {
        Some(end) => {
            let (before, after) = part.split_at(end);
            format!("{before} xmlns:w=\"{W}\" xmlns:r=\"{R}\"{after}")
        }
        None => part.to_owned(),
    }
}

/// The parts of an output that its template does not have so, the body left out.
fn changes(template: &[u8], merged: &[u8]) -> String {
    let before = entries(template);
    let mut told = String::new();
    for (name, bytes) in entries(merged) {
        if before.get(&name) == Some(&bytes) || name == "word/document.xml" {
            continue;
        }
        told += &format!("=== {name}\n");
        if let Ok(text) = String::from_utf8(bytes)
            && (name.ends_with(".xml") || name.ends_with(".rels"))
        {
            told += &pretty(&text);
        }
    }
    told
}

fn entries(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().to_owned(), content)
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    String::from_utf8(entries(bytes).remove(name).unwrap()).unwrap()
}

fn merge(
    template: Vec<u8>,
    data: &str,
) -> Result<(Vec<u8>, Vec<Diagnostic>), Vec<Diagnostic>> {
    merge_with(template, data, &Shelf::default())
}

fn merge_with(
    template: Vec<u8>,
    data: &str,
    shelf: &Shelf,
) -> Result<(Vec<u8>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let data = serde_json::from_str(data).unwrap();
    let compiled = Template::compile_for(Purpose::Document, "main.docx", template, shelf)
        .map_err(|e| e.into_vec())?;
    let mut warnings = compiled.warnings;
    let merged = compiled.value.render(&data, shelf).map_err(|e| e.into_vec())?;
    warnings.extend(merged.warnings);
    Ok((merged.value, warnings))
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let mut told = String::new();
    for diagnostic in diagnostics {
        for lang in [Lang::Zh, Lang::En] {
            told += &render(diagnostic, lang, Style::Plain);
            told.push('\n');
        }
    }
    told
}

/// What must hold for every output, whatever the template and data.
fn assert_sound(bytes: &[u8]) {
    let parts = entries(bytes);
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).unwrap();
    for (name, content) in &parts {
        let extension = name.rsplit_once('.').unwrap().1;
        let declared = types.contains(&format!("Extension=\"{extension}\""))
            || types.contains(&format!("PartName=\"/{name}\""));
        assert!(declared || name.starts_with('['), "{name} has no content type");
        if matches!(extension, "xml" | "rels" | "svg") {
            assert_well_formed(name, content);
        }
    }
    for (name, content) in parts.iter().filter(|(name, _)| name.ends_with(".xml")) {
        assert_references(name, std::str::from_utf8(content).unwrap(), &parts);
    }
}

/// The lint finds nothing that the template was not warned of.
fn assert_no_new_fault(bytes: &[u8], warnings: &[Diagnostic]) {
    let mut faults = huikan::docx::check("merged.docx", bytes.to_vec()).unwrap();
    faults.retain(|fault| !warnings.iter().any(|warning| warning.code == fault.code));
    assert_eq!(told(&faults), "");
}

fn assert_well_formed(name: &str, content: &[u8]) {
    let mut reader = Reader::from_reader(content);
    let mut depth = 0_i64;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert_eq!(depth, 0, "{name}");
    let text = std::str::from_utf8(content).unwrap();
    let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    assert!(!text.contains(forbidden), "{name} has control characters");
}

/// Relationship ids resolve, drawing ids and bookmark names are unique, and
/// every cell ends with a paragraph.
fn assert_references(name: &str, xml: &str, parts: &BTreeMap<String, Vec<u8>>) {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let relations = parts.get(&format!("{folder}/_rels/{file}.rels"));
    let relations = relations.map_or("", |r| std::str::from_utf8(r).unwrap());
    for attribute in ["r:id=\"", "r:embed=\""] {
        for piece in xml.split(attribute).skip(1) {
            let id = piece.split('"').next().unwrap();
            let found = relations
                .split("<Relationship ")
                .find(|r| r.contains(&format!("Id=\"{id}\"")));
            let relation = found.unwrap_or_else(|| panic!("{name}: {id} leads nowhere"));
            let target =
                relation.split("Target=\"").nth(1).unwrap().split('"').next().unwrap();
            let external = relation.contains("TargetMode=\"External\"");
            let path = match target.strip_prefix("../") {
                Some(beside) => {
                    format!("{}/{beside}", folder.rsplit_once('/').unwrap().0)
                }
                None => format!("{folder}/{target}"),
            };
            assert!(external || parts.contains_key(&path), "{target}");
        }
    }
    for (element, attribute) in
        [("<wp:docPr", "id=\""), ("<w:bookmarkStart", "w:name=\"")]
    {
        let mut seen = BTreeSet::new();
        for piece in xml.split(element).skip(1) {
            let value = piece.split(attribute).nth(1).unwrap().split('"').next().unwrap();
            assert!(seen.insert(value), "{name}: {value} is there twice");
        }
    }
    let starts = xml.matches("<w:bookmarkStart").count();
    assert_eq!(starts, xml.matches("<w:bookmarkEnd").count(), "{name}");
    for cell in xml.split("</w:tc>").collect::<Vec<_>>().split_last().unwrap().1 {
        assert!(cell.ends_with("</w:p>") || cell.ends_with("<w:p/>"), "{name}: {cell}");
    }
    assert!(!xml.contains('\u{100000}'), "{name} has a delimiter of ours");
}

/// A body with one element per line, indented; text stays on the line of its
/// element.
fn pretty(body: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut reader = Reader::from_str(body);
    let mut line = |depth: usize, text: &str| {
        out += &"  ".repeat(depth);
        out += text;
        out.push('\n');
    };
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().unwrap();
        let raw = &body[start..reader.buffer_position() as usize];
        match event {
            Event::Start(tag)
                if matches!(tag.name().as_ref(), b"w:t" | b"w:instrText") =>
            {
                reader.read_to_end(tag.name()).unwrap();
                line(depth, &body[start..reader.buffer_position() as usize]);
            }
            Event::Start(_) => {
                line(depth, raw);
                depth += 1;
            }
            Event::End(_) => {
                depth -= 1;
                line(depth, raw);
            }
            Event::Eof => break,
            _ => line(depth, raw),
        }
    }
    out
}

fn body_of(bytes: &[u8]) -> String {
    let xml = part(bytes, "word/document.xml");
    let start = xml.find("<w:body>").unwrap() + 8;
    let body = xml[start..xml.rfind("</w:body>").unwrap()].to_owned();
    body.replace(&format!(" xmlns:r=\"{R}\""), "")
}

#[test]
fn cases() {
    insta::glob!("cases/docx/*.txt", |path| {
        let case = std::fs::read_to_string(path).unwrap();
        let (data, files) = case.split_once("\n---\n").unwrap();
        let shelf = shelf(files);
        let template = shelf.0["main.docx"].clone();
        let outcome = match merge_with(template.clone(), data, &shelf) {
            Ok((bytes, warnings)) => {
                assert_sound(&bytes);
                assert_no_new_fault(&bytes, &warnings);
                let changes = match shelf.0.len() {
                    1 => String::new(),
                    _ => changes(&template, &bytes),
                };
                told(&warnings) + &pretty(&body_of(&bytes)) + &changes
            }
            Err(diagnostics) => told(&diagnostics),
        };
        insta::with_settings!({ description => case.as_str(), omit_expression => true }, {
            insta::assert_snapshot!(outcome);
        });
    });
}

/// What a part shows, token by token: each character with the properties of its
/// run, and everything else but what anchors are made of.
fn shown(xml: &str) -> Vec<String> {
    let mut shown = Vec::new();
    let mut reader = Reader::from_str(xml);
    let (mut run, mut properties, mut skipped) = (String::new(), None, 0);
    let mut ours = Vec::new();
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().unwrap();
        let raw = &xml[start..reader.buffer_position() as usize];
        let name = match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                String::from_utf8(tag.name().as_ref().to_vec()).unwrap()
            }
            Event::End(tag) => String::from_utf8(tag.name().as_ref().to_vec()).unwrap(),
            _ => String::new(),
        };
        match (&event, name.as_str()) {
            (Event::Eof, _) => return shown,
            (Event::Start(_), "w:sdtPr") => skipped += 1,
            (Event::End(_), "w:sdtPr") => skipped -= 1,
            _ if skipped > 0 => {}
            (_, "w:sdt" | "w:sdtContent" | "w:r" | "w:t") => {
                if matches!(event, Event::Start(_)) && name == "w:r" {
                    run.clear();
                }
            }
            (_, "w:bookmarkStart") if raw.contains("\"_jp") => {
                ours.push(raw.split('"').nth(1).unwrap());
            }
            (_, "w:bookmarkStart") => {
                shown.push(raw.split("w:name").nth(1).unwrap().to_owned());
            }
            (_, "w:bookmarkEnd") => {
                let own = ours.contains(&raw.split('"').nth(1).unwrap());
                shown.extend((!own).then(|| name.clone()));
            }
            (Event::Start(_), "w:rPr") => properties = Some(start),
            (Event::End(_), "w:rPr") => {
                let from = properties.take().unwrap();
                run = xml[from..reader.buffer_position() as usize].to_owned();
            }
            _ if properties.is_some() => {}
            (Event::Text(_), _) => {
                shown.extend(raw.chars().map(|c| format!("{c} {run}")));
            }
            _ => shown.push(raw.to_owned()),
        }
    }
}

/// Anchors change nothing that a reader sees.
#[test]
fn drafts_show_what_clean_documents_show() {
    let mut anchors = 0;
    insta::glob!("cases/docx/*.txt", |path| {
        let case = std::fs::read_to_string(path).unwrap();
        let (data, files) = case.split_once("\n---\n").unwrap();
        let shelf = shelf(files);
        let template = shelf.0["main.docx"].clone();
        let Ok((clean, _)) = merge_with(template.clone(), data, &shelf) else { return };
        let draft = draft_with(template, data, &shelf);
        assert_sound(&draft);
        assert_eq!(
            shown(&body_of(&draft)),
            shown(&body_of(&clean)),
            "{}",
            path.display()
        );
        anchors += part(&draft, "customXml/item1.xml").matches("<a id=").count();
    });
    assert!(anchors > 80, "{anchors} anchors");
}

fn draft(template: Vec<u8>, data: &str) -> Vec<u8> {
    draft_with(template, data, &Shelf::default())
}

fn draft_with(template: Vec<u8>, data: &str, shelf: &Shelf) -> Vec<u8> {
    let data = serde_json::from_str(data).unwrap();
    let compiled =
        Template::compile_for(Purpose::Draft, "main.docx", template, shelf).unwrap();
    let base = Base { template: "main", dataset: &data, at: "" };
    compiled.value.render_draft(&data, shelf, base).unwrap().value
}

/// The pointers of a draft's anchors, in order, with the text that each holds.
fn anchored(draft: &[u8]) -> Vec<(String, String)> {
    let (item, body) = (part(draft, "customXml/item1.xml"), body_of(draft));
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!("{name}=\""))
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
    };
    item.split("<a ")
        .skip(1)
        .map(|tag| {
            let (id, pointer) =
                (attribute(tag, "id").unwrap(), attribute(tag, "pointer"));
            let start = body.split(&format!("w:name=\"_{id}\"/>")).collect::<Vec<_>>();
            let number = start[0].rsplit("w:id=\"").next().unwrap().split('"').next();
            let end = format!("<w:bookmarkEnd w:id=\"{}\"/>", number.unwrap());
            let held = start.get(1).map_or("", |held| held.split(&end).next().unwrap());
            let texts = held.split("<w:t xml:space=\"preserve\">").skip(1);
            let text = texts.map(|text| text.split("</w:t>").next().unwrap()).collect();
            (pointer.unwrap(), text)
        })
        .collect()
}

#[test]
fn anchors_tell_where_values_come_from() {
    let data = r#"{"name": "甲", "n": 7, "done": true, "rows": [{"k": "z", "v": 1}, {"k": "a", "v": 2}],
        "ns": [3, 4], "a/b": "斜", "long": "一\u0007二"}"#;
    let tags = [
        "{{ name }}",
        "{{ n }}{{ done }}",
        "{{ n + 1 }}{{ name|upper }}",
        "{{ name|default('x') }}",
        "{% for row in rows|sort(attribute='k') %}{{ row.k }}{{ row.v }}{% endfor %}",
        "{% for x in ns %}{{ x }}{% endfor %}",
        "{% set y = name %}{{ y }}",
        "{% for k, v in rows[0].items() %}{{ v }}{% endfor %}",
        "{% set z %}{{ name }}{% endset %}{{ z }}{% if z == name %}same{% endif %}",
        "{{ long }}",
        "{{ footnote(name) }}{{ comment(name) }}",
    ];
    let body: String = tags.iter().map(|tag| text_paragraph(tag)).collect();
    let found = anchored(&draft(package(&body, &[]), data));
    let expected = [
        ("/name", "甲"),
        ("/n", "7"),
        ("/done", "True"),
        ("/name", "甲"),
        ("/rows/1/k", "a"),
        ("/rows/1/v", "2"),
        ("/rows/0/k", "z"),
        ("/rows/0/v", "1"),
        ("/ns/0", "3"),
        ("/ns/1", "4"),
        ("/name", "甲"),
        ("/rows/0/k", "z"),
        ("/long", "一"),
        ("/long", "二"),
        ("/name", ""),
    ];
    let expected: Vec<_> =
        expected.map(|(pointer, text)| (pointer.to_owned(), text.to_owned())).into();
    assert_eq!(found, expected);
}

/// Where text stands beside a value there is a control; a value that fills its
/// paragraph, stands in a link or in a control has none.
#[test]
fn controls_hold_what_has_text_beside_it() {
    let controls = |body: &str| {
        let draft = draft(
            package(body, &[]),
            r#"{"a": "甲", "rich": {"$type": "markdown", "blocks": [{"p": ["乙"]}]}}"#,
        );
        assert_sound(&draft);
        assert!(
            part(&draft, "customXml/item1.xml").contains("<a id=\"jp0001\""),
            "{body}"
        );
        body_of(&draft).matches("<w:tag w:val=\"jp").count()
    };
    assert_eq!(controls(&text_paragraph("x {{ a }}")), 1);
    assert_eq!(controls(&text_paragraph("{{ a }}{{ a }}")), 2);
    assert_eq!(controls(&text_paragraph(" {{ a }}")), 0);
    assert_eq!(controls(&text_paragraph("{{p rich }}")), 0);
    let inside = |open: &str, close: &str| {
        format!("<w:p>{open}<w:r><w:t>x {{{{ a }}}}</w:t></w:r>{close}</w:p>")
    };
    assert_eq!(controls(&inside("<w:hyperlink w:anchor=\"_top\">", "</w:hyperlink>")), 0);
    assert_eq!(controls(&inside("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")), 0);
}

/// What a draft was made of travels inside, and a draft can be a template again.
#[test]
fn drafts_carry_their_dataset() {
    let first = draft(package(&text_paragraph("{{ a }}"), &[]), r#"{"a": "<&\"甲"}"#);
    let item = part(&first, "customXml/item1.xml");
    assert!(item.contains("template=\"main\""), "{item}");
    assert!(
        item.contains(
            "<dataset>{&quot;a&quot;:&quot;&lt;&amp;\\&quot;甲&quot;}</dataset>"
        ),
        "{item}"
    );
    let again = draft(first, "{}");
    let names = entries(&again);
    assert!(!names.contains_key("customXml/item2.xml"));
    assert_eq!(part(&again, "docProps/custom.xml").matches("<property ").count(), 2);
}

fn text_paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn what_has_no_tag_keeps_its_bytes() {
    let template = package(&text_paragraph("plain {text}"), &[]);
    let (merged, _) = merge(template.clone(), "{}").unwrap();
    assert_eq!(compressed(&template), compressed(&merged));

    let body = "<w:p  w:rsidR='1' ><!-- x --><w:r><w:t xml:space='preserve'>{{ a }}</w:t></w:r></w:p>\n<w:p/>";
    let template = package(body, &[]);
    let (merged, _) = merge(template.clone(), r#"{"a": 1}"#).unwrap();
    assert_eq!(body_of(&merged), body.replace("{{ a }}", "1"));
    let (mut before, mut after) = (compressed(&template), compressed(&merged));
    assert_ne!(before.remove("word/document.xml"), after.remove("word/document.xml"));
    assert_eq!(before, after);
}

/// The entries of a package as they are stored.
fn compressed(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index_raw(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().to_owned(), content)
        })
        .collect()
}

#[test]
fn templates_are_shared_between_threads() {
    let bytes = package(&text_paragraph("{{ n }}"), &[]);
    let template = Template::compile("main.docx", bytes).unwrap().value;
    std::thread::scope(|scope| {
        for n in 0..4 {
            let template = template.clone();
            scope.spawn(move || {
                let data = serde_json::json!({ "n": n });
                let merged = template.render(&data, &Gallery).unwrap().value;
                assert!(body_of(&merged).contains(&format!(">{n}</w:t>")));
            });
        }
    });
}

#[test]
fn all_parts_are_merged_and_all_their_faults_told() {
    let header =
        format!("<w:hdr xmlns:w=\"{W}\">{}</w:hdr>", text_paragraph("{{ title }}"));
    let core = "<c:p xmlns:c=\"c\"><title>{{ title }}</title></c:p>";
    let parts = [("word/header1.xml", header.as_str()), ("docProps/core.xml", core)];
    let template = package(&text_paragraph("{{ title }}"), &parts);
    let (merged, _) = merge(template, r#"{"title": "A & <B>"}"#).unwrap();
    assert_sound(&merged);
    assert!(
        part(&merged, "docProps/core.xml").contains("<title>A &amp; &lt;B&gt;</title>")
    );
    assert!(part(&merged, "word/header1.xml").contains("A &amp; &lt;B&gt;"));

    let header = header.replace("title", "title|nope");
    let core = core.replace("}}", "");
    let parts =
        [("word/header1.xml", header.as_str()), ("docProps/core.xml", core.as_str())];
    let faults = merge(package(&text_paragraph("{% if %}"), &parts), "{}").unwrap_err();
    let codes: Vec<_> = faults.iter().map(|fault| fault.code.clone()).collect();
    assert_eq!(
        codes,
        [
            "docx/unclosed-block",
            "docx/syntax",
            "docx/unknown-filter",
            "docx/unclosed-tag"
        ]
    );
    assert!(faults.iter().all(|fault| fault.place.as_ref().unwrap().word.is_some()));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let body =
        text_paragraph("{{ a }}") + &text_paragraph("{{r image(\"/project/a.svg\") }}");
    let data = r#"{"a": 1}"#;
    let merged = || merge(package(&body, &[]), data).unwrap().0;
    assert_eq!(merged(), merged());
}

#[test]
fn pictures_become_parts() {
    let body = text_paragraph(
        "{{r image(\"/project/a.svg\", width=\"50mm\", alt=\"A &amp; B\") }}",
    ) + &text_paragraph("x{{ image(\"/project/a.gif\") }}y")
        + &text_paragraph("{{r image(\"/project/a.svg\", width=\"50mm\") }}");
    let (merged, _) = merge(package(&body, &[]), "{}").unwrap();
    assert_sound(&merged);
    let media: Vec<String> = entries(&merged)
        .into_keys()
        .filter(|name| name.starts_with("word/media/"))
        .collect();
    let extensions: BTreeSet<_> =
        media.iter().map(|name| name.rsplit_once('.').unwrap().1).collect();
    assert_eq!(extensions, BTreeSet::from(["gif", "png", "svg"]));
    assert_eq!(media.len(), 3, "the same picture is kept once");
    let body = body_of(&merged);
    assert!(body.contains("cx=\"1800000\" cy=\"900000\""), "{body}");
    assert!(body.contains("descr=\"A &amp; B\""));
    assert!(body.contains("svgBlip"));
}

#[test]
fn bad_files_are_told() {
    let code = |bytes: Vec<u8>| merge(bytes, "{}").unwrap_err()[0].code.clone();
    assert_eq!(code(b"hello".to_vec()), "docx/not-a-docx");
    assert_eq!(code(Vec::new()), "docx/not-a-docx");
    assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()), "docx/not-a-docx");
    assert_eq!(code(package("<w:p>", &[])), "docx/malformed-part");
    assert_eq!(
        code(package("", &[("word/document.xml", "<!DOCTYPE x><x/>")])),
        "docx/doctype"
    );
    assert_eq!(code(package("", &[("../x.xml", "<x/>")])), "docx/unsafe-entry");
    assert_eq!(
        code(package("", &[("_rels/.rels", "<Relationships/>")])),
        "docx/not-a-docx"
    );
    let zeros = "0".repeat(64 << 20);
    assert_eq!(code(package("", &[("word/x.xml", &zeros)])), "docx/too-large");
    let mut cut = package("", &[]);
    cut.truncate(cut.len() / 2);
    assert_eq!(code(cut), "docx/not-a-docx");
}

#[test]
fn flipped_bytes_never_panic() {
    let body = text_paragraph("{{ a }}{% if b %}c{% endif %}");
    let template = package(&body, &[]);
    for at in (0..template.len()).step_by(7) {
        let mut damaged = template.clone();
        damaged[at] ^= 0x55;
        let _ = merge(damaged, r#"{"a": 1}"#);
    }
}

/// Whatever tags stand in three cells of a row, the merge tells a fault or gives
/// a sound document.
#[test]
fn tags_in_cells_never_break_a_table() {
    let tags = [
        "{% vm %}{{ x }}",
        "{% hm %}{% colspan 2 %}",
        "{% cellbg c %}{{r rich }}",
        "{%tc for x in xs %}",
        "{%tc endfor %}",
        "{%tr for x in xs %}",
        "{% for x in xs %}{% vm %}",
        "{% endfor %}",
        "{{tc xs }}",
        "{{p rich }}",
        "{% colspan x %}{{ bad }}",
    ];
    let data = r##"{"xs": [1, 2], "c": "#abc",
        "rich": {"$type": "RichText", "runs": [{"text": "a\u0007\fb", "url": "http://a"}]},
        "bad": {"$type": "RichText", "runs": 1}}"##;
    let cell = |tag: &str| {
        format!("<w:tc><w:tcPr/><w:p><w:r><w:t>{tag}</w:t></w:r></w:p></w:tc>")
    };
    for first in tags {
        for second in tags {
            for third in tags {
                let row = cell(first) + &cell(second) + &cell(third);
                let body = format!(
                    "<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{row}</w:tr></w:tbl><w:p/>"
                );
                if let Ok((merged, _)) = merge(package(&body, &[]), data) {
                    assert_sound(&merged);
                }
            }
        }
    }
}

#[test]
fn long_loops_keep_every_row() {
    let body = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>\
        <w:tr><w:tc><w:p><w:r><w:t>{%tr for x in xs %}</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>{{ x }}</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>{%tr endfor %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>";
    let data = serde_json::json!({ "xs": (0..100_000).collect::<Vec<_>>() }).to_string();
    let (merged, _) = merge(package(body, &[]), &data).unwrap();
    assert_eq!(body_of(&merged).matches("<w:tr>").count(), 100_000);
}

/// A template without notes and lists gets their parts, and nothing else changes.
#[test]
fn notes_and_lists_make_their_parts() {
    let body =
        text_paragraph("甲{{ footnote(a) }}{{ comment(a, author=\"A &amp; B\") }}")
            + &text_paragraph("{{p \"1. x\\n2. y\\n\\n- z\" | markdown }}");
    let template = package(&body, &[]);
    let (merged, _) = merge(template.clone(), r#"{"a": "<注>"}"#).unwrap();
    assert_sound(&merged);
    let footnotes = part(&merged, "word/footnotes.xml");
    assert!(footnotes.contains("w:type=\"separator\" w:id=\"-1\""), "{footnotes}");
    assert!(footnotes.contains("&lt;注&gt;</w:t></w:r></w:p></w:footnote>"));
    let comments = part(&merged, "word/comments.xml");
    assert!(comments.contains("w:author=\"A &amp; B\" w:initials=\"AB\""));
    assert!(part(&merged, "word/settings.xml").contains("<w:footnotePr>"));
    let numbering = part(&merged, "word/numbering.xml");
    assert_eq!(numbering.matches("<w:abstractNum ").count(), 2, "{numbering}");
    assert_eq!(numbering.matches("<w:num ").count(), 2);
    let relations = part(&merged, "word/_rels/document.xml.rels");
    for kind in ["footnotes", "comments", "numbering", "settings"] {
        assert!(relations.contains(&format!("/{kind}\" Target=\"{kind}.xml\"")));
    }
    let (before, after) = (compressed(&template), compressed(&merged));
    for same in ["word/styles.xml", "word/header1.xml", "docProps/core.xml"] {
        assert_eq!(before[same], after[same]);
    }
}

/// Notes and lists of the template keep their ids and bytes; new ones come after.
#[test]
fn notes_and_lists_join_those_of_the_template() {
    let own =
        "<w:footnote w:id=\"1\"><w:p><w:r><w:t>{{ a }}</w:t></w:r></w:p></w:footnote>";
    let footnotes = format!("<w:footnotes xmlns:w=\"{W}\">{own}</w:footnotes>");
    let numbering = format!(
        "<w:numbering xmlns:w=\"{W}\"><w:abstractNum w:abstractNumId=\"0\">\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:pStyle w:val=\"LN\"/></w:lvl>\
         </w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>\
         </w:numbering>"
    );
    let settings = format!(
        "<w:settings xmlns:w=\"{W}\"><w:zoom w:percent=\"90\"/><w:compat/></w:settings>"
    );
    let style = "<w:style w:type=\"paragraph\" w:styleId=\"LN\"><w:name w:val=\"List Number\"/>\
        <w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style></w:styles>";
    let styles = styles().replace("</w:styles>", style);
    let kind = |kind: &str, id: usize| {
        format!(
            "<Relationship Id=\"rId{id}\" Type=\"{R}/{kind}\" Target=\"{kind}.xml\"/>"
        )
    };
    let relations = RELATIONS.replace(
        "</Relationships>",
        &(kind("footnotes", 2)
            + &kind("numbering", 3)
            + &kind("settings", 4)
            + "</Relationships>"),
    );
    let content =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml";
    let types = TYPES.replace(
        "</Types>",
        &format!("<Override PartName=\"/word/footnotes.xml\" ContentType=\"{content}\"/></Types>"),
    );
    let body =
        text_paragraph("{{ footnote(a) }}") + &text_paragraph("{{p a | markdown }}");
    let parts = [
        ("word/footnotes.xml", footnotes.as_str()),
        ("word/numbering.xml", &numbering),
        ("word/settings.xml", &settings),
        ("word/styles.xml", &styles),
        ("word/_rels/document.xml.rels", &relations),
        ("[Content_Types].xml", &types),
    ];
    let (merged, _) = merge(package(&body, &parts), r#"{"a": "3. x"}"#).unwrap();
    assert_sound(&merged);
    let merged_notes = part(&merged, "word/footnotes.xml");
    let printed = own.replace("<w:t>{{ a }}", "<w:t xml:space=\"preserve\">3. x");
    assert!(merged_notes.contains(&printed), "{merged_notes}");
    assert!(merged_notes.contains("<w:footnote w:id=\"2\">"));
    assert_eq!(part(&merged, "word/settings.xml"), settings);
    assert_eq!(
        part(&merged, "word/numbering.xml"),
        numbering.replace(
            "</w:numbering>",
            "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"0\">\
             <w:startOverride w:val=\"3\"/></w:lvlOverride></w:num></w:numbering>"
        )
    );
    assert!(body_of(&merged).contains("<w:pStyle w:val=\"LN\" /><w:numPr>"));
}

/// What a template captures and prints twice has two notes, in the order of the text.
#[test]
fn every_printed_note_is_a_note() {
    let body = text_paragraph("{% macro m() %}{{ footnote(\"b\") }}{% endmacro %}")
        + &text_paragraph("{{ footnote(\"a\") }}{{ m() }}{{ m() }}");
    let (merged, _) = merge(package(&body, &[]), "{}").unwrap();
    assert_sound(&merged);
    let notes = part(&merged, "word/footnotes.xml");
    let said: Vec<&str> = notes
        .split("preserve\">")
        .skip(1)
        .filter_map(|rest| rest.split('<').next().filter(|said| *said != " "))
        .collect();
    assert_eq!(said, ["a", "b", "b"]);
}

/// What is wrong with a template is written beside its paragraphs: a copy that is
/// sound, differs by comments only, and says the places that take no comments.
#[test]
fn faults_become_comments() {
    let header = format!("<w:hdr xmlns:w=\"{W}\">{}</w:hdr>", text_paragraph("{{ z||}}"));
    let body = format!(
        "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>{}",
        text_paragraph("{{ x|uper }}{{ y")
    );
    let template = package(&body, &[("word/header1.xml", &header)]);
    let faults = Template::compile("main.docx", template.clone()).unwrap_err().into_vec();
    assert_eq!(faults.len(), 3);
    let copy = annotate("main.docx", template.clone(), &faults, Lang::En).unwrap();
    assert_sound(&copy);
    insta::assert_snapshot!(pretty(&body_of(&copy)));
    let comments = part(&copy, "word/comments.xml");
    let comments =
        comments.split_once("<w:comment ").unwrap().1.replace("</w:comments>", "");
    insta::assert_snapshot!(pretty(&format!("<w:comment {comments}")));
    let (before, after) = (compressed(&template), compressed(&copy));
    for (name, content) in before {
        let new =
            ["word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"];
        assert!(new.contains(&name.as_str()) || after[&name] == content, "{name}");
    }
}
