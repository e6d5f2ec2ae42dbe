//! The lint: each rule with a document that breaks it, one that does not, and
//! what a merge makes of it.

mod support;

use huikan::diag::Severity;
use serde_json::json;
use support::word::{Word, body_of, faults, paragraph, told};

const CELL: &str = "<w:tc><w:p/></w:tc>";

fn table(rows: &str) -> String {
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>")
}

fn row(cells: &str) -> String {
    format!("<w:tr>{cells}</w:tr>")
}

fn control(properties: &str, content: &str) -> String {
    format!(
        "<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )
}

fn run(inside: &str) -> String {
    format!("<w:r>{inside}</w:r>")
}

fn in_paragraph(inside: &str) -> String {
    format!("<w:p>{inside}</w:p>")
}

fn field(kind: &str) -> String {
    run(&format!("<w:fldChar w:fldCharType=\"{kind}\"/>"))
}

fn bookmark(id: u8, name: &str) -> (String, String) {
    (
        format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\"/>"),
        format!("<w:bookmarkEnd w:id=\"{id}\"/>"),
    )
}

fn drawing(id: u8) -> String {
    in_paragraph(&run(&format!(
        "<w:drawing><wp:inline><wp:docPr id=\"{id}\" name=\"n\"/></wp:inline></w:drawing>"
    )))
}

/// The codes of a document's faults.
fn codes(word: &Word) -> Vec<String> {
    faults(&word.bytes()).iter().map(|fault| fault.code.to_string()).collect()
}

/// Bodies that break one rule, beside bodies that are alike and sound.
fn bodies() -> Vec<(&'static str, String, String)> {
    let long = "x".repeat(65);
    let (start, end) = bookmark(1, "a");
    let (other, other_end) = bookmark(2, "a");
    let tag = |value: &str| {
        in_paragraph(&control(&format!("<w:tag w:val=\"{value}\"/>"), &run("")))
    };
    let id = |id: u8| control(&format!("<w:id w:val=\"{id}\"/>"), "<w:p/>");
    let style = |element: &str, id: &str| format!("<w:{element} w:val=\"{id}\"/>");
    let styled =
        |id: &str| in_paragraph(&format!("<w:pPr>{}</w:pPr>", style("pStyle", id)));
    let numbered = |id: &str| {
        in_paragraph(&format!(
            "<w:pPr><w:numPr><w:numId w:val=\"{id}\"/></w:numPr></w:pPr>"
        ))
    };
    let link = |anchor: &str| {
        in_paragraph(&format!("<w:hyperlink w:anchor=\"{anchor}\"><w:r/></w:hyperlink>"))
    };
    let deleted = |text: &str| {
        in_paragraph(&format!(
            "<w:del w:id=\"1\" w:author=\"a\"><w:r><w:{text}>x</w:{text}></w:r></w:del>"
        ))
    };
    vec![
        ("docx/cell-end", table(&row("<w:tc/>")), table(&row(CELL))),
        (
            "docx/cell-end",
            table(&row(&format!("<w:tc><w:p/>{}</w:tc>", table(&row(CELL))))),
            table(&row(&format!(
                "<w:tc>{}<w:p/>{end}</w:tc>",
                table(&row(CELL)) + &start
            ))),
        ),
        (
            "docx/cell-end",
            table(&row(&format!("<w:tc>{}</w:tc>", control("", &table(&row(CELL)))))),
            table(&row(&format!("<w:tc>{}</w:tc>", control("", "<w:p/>")))),
        ),
        ("docx/empty-row", table(&(row("<w:trPr/>") + &row(CELL))), table(&row(CELL))),
        ("docx/empty-table", table(""), table(&row(&control("", CELL)))),
        ("docx/empty-control", control("", ""), control("", "<w:p/>")),
        ("docx/loose-text", in_paragraph("x"), in_paragraph(" \n")),
        ("docx/loose-text", in_paragraph(&run("x")), paragraph("x")),
        ("docx/deleted-text", deleted("t"), deleted("delText")),
        (
            "docx/deleted-text",
            in_paragraph(&run("<w:delText>x</w:delText>")),
            paragraph("x"),
        ),
        (
            "docx/child-order",
            in_paragraph("<w:pPr><w:jc/><w:keepNext/></w:pPr>"),
            in_paragraph("<w:pPr><w:keepNext/><w:jc/><w14:x/></w:pPr>"),
        ),
        (
            "docx/child-order",
            in_paragraph("<w:r/><w:pPr/>"),
            in_paragraph("<w:pPr/><w:r/>"),
        ),
        (
            "docx/child-order",
            format!("<w:tbl><w:tblGrid/><w:tblPr/>{}</w:tbl>", row(CELL)),
            format!("<w:tbl>{start}<w:tblPr/><w:tblGrid/>{}{end}</w:tbl>", row(CELL)),
        ),
        ("docx/child-order", "<w:sectPr/><w:p/>".into(), "<w:p/><w:sectPr/>".into()),
        ("docx/duplicate-control", id(1) + &id(1), id(1) + &id(2)),
        (
            "docx/duplicate-bookmark",
            in_paragraph(&[start.as_str(), &end, &other, &other_end].concat()),
            in_paragraph(&format!(
                "<mc:AlternateContent><mc:Choice>{start}{end}</mc:Choice>\
                 <mc:Fallback>{start}{end}</mc:Fallback></mc:AlternateContent>"
            )),
        ),
        ("docx/duplicate-drawing", drawing(1) + &drawing(1), drawing(1) + &drawing(2)),
        ("docx/open-bookmark", in_paragraph(&start), in_paragraph(&start) + &end),
        ("docx/open-bookmark", in_paragraph(&end), "<w:p/>".into()),
        (
            "docx/open-field",
            in_paragraph(&(field("begin") + &field("separate"))),
            in_paragraph(&(field("begin") + &field("separate")))
                + &in_paragraph(&field("end")),
        ),
        ("docx/open-field", in_paragraph(&field("end")), "<w:p/>".into()),
        ("docx/long-name", tag(&long), tag(&long[1..])),
        (
            "docx/long-name",
            in_paragraph(&(bookmark(1, &long[..41]).0 + &end)),
            in_paragraph(&(bookmark(1, &long[..40]).0 + &end)),
        ),
        ("template/missing-style", styled("C"), styled("B")),
        (
            "template/missing-style",
            in_paragraph(&run(&format!("<w:rPr>{}</w:rPr>", style("rStyle", "B")))),
            in_paragraph(&run(&format!("<w:rPr>{}</w:rPr>", style("rStyle", "S")))),
        ),
        ("docx/missing-numbering", numbered("2"), numbered("1") + &numbered("0")),
        (
            "docx/missing-note",
            in_paragraph(&run("<w:footnoteReference w:id=\"2\"/>")),
            in_paragraph(&run("<w:footnoteReference w:id=\"1\"/>")),
        ),
        (
            "docx/missing-note",
            in_paragraph("<w:commentRangeStart w:id=\"1\"/>"),
            "<w:p/>".into(),
        ),
        (
            "docx/missing-relationship",
            in_paragraph("<w:hyperlink r:id=\"rId9\"><w:r/></w:hyperlink>"),
            in_paragraph(
                "<w:hyperlink r:id=\"rId1\" w:anchor=\"b\"><w:r/></w:hyperlink>",
            ),
        ),
        (
            "docx/missing-bookmark",
            link("b"),
            link("A") + &in_paragraph(&(start.clone() + &end)),
        ),
    ]
}

fn with_notes(body: &str) -> Word {
    let notes = format!(
        "<w:footnotes xmlns:w=\"{}\"><w:footnote w:id=\"1\"><w:p/></w:footnote></w:footnotes>",
        support::word::W
    );
    Word::body(body).related_part("word/footnotes.xml", "footnotes", &notes)
}

#[test]
fn every_rule_fires_and_leaves_the_sound_alone() {
    for (code, broken, sound) in bodies() {
        assert_eq!(codes(&with_notes(&broken)), [code], "{broken}");
        assert_eq!(codes(&with_notes(&sound)), [""; 0], "{code}: {sound}");
    }
}

#[test]
fn packages_are_whole() {
    assert_eq!(codes(&Word::text("x")), [""; 0]);
    let untyped = Word::text("x").raw("word/a.bin", "x");
    assert_eq!(codes(&untyped), ["docx/no-content-type"]);
    let lost = Word::text("x").related_part("word/notes.xml", "footnotes", "");
    assert_eq!(codes(&lost.without("word/notes.xml")), ["docx/missing-part"]);
}

/// A template's own faults are told once, as warnings, and stop nothing.
#[test]
fn what_the_template_has_already_stops_nothing() {
    for (code, broken, _) in bodies() {
        // Parts without tags stay as they are, and so do their faults.
        let (_, warnings) = with_notes(&broken).merge(&json!({})).expect("merged");
        let expected: &[&str] = if code == "docx/child-order" { &[] } else { &[code] };
        let told: Vec<_> = warnings.iter().map(|warning| warning.code.as_ref()).collect();
        assert_eq!(told, expected, "{broken}");
        assert!(warnings.iter().all(|warning| warning.severity == Severity::Warning));

        // In rendered parts many of them are repaired.
        let tagged = with_notes(&(broken.clone() + &paragraph("{{ x }}")));
        let (merged, warnings) = tagged.merge(&json!({"x": 1})).expect("merged");
        let left = faults(&merged);
        let left: Vec<_> = left.iter().map(|fault| fault.code.as_ref()).collect();
        let told: Vec<_> = warnings.iter().map(|warning| warning.code.as_ref()).collect();
        if left.is_empty() {
            assert_eq!(told, [""; 0], "{broken}");
        } else if told.is_empty() {
            assert_eq!((code, left.as_slice()), ("docx/child-order", [code].as_slice()));
        } else {
            assert_eq!(
                (told.as_slice(), left.as_slice()),
                ([code].as_slice(), [code].as_slice())
            );
        }
    }
}

/// The sound body with a condition around some of it, so that only the output
/// is broken: it is repaired.
#[test]
fn what_a_merge_leaves_behind_is_repaired() {
    let gone = paragraph("{%p if x %}");
    let end = paragraph("{%p endif %}");
    let drop = |inside: &str| format!("{gone}{inside}{end}");
    let (start, stop) = bookmark(1, "a");
    let loop_start = paragraph("{%p for i in [1, 2] %}");
    let loop_end = paragraph("{%p endfor %}");
    let row_gone = row("<w:tc><w:p><w:r><w:t>{%tr if x %}</w:t></w:r></w:p></w:tc>");
    let row_end = row("<w:tc><w:p><w:r><w:t>{%tr endif %}</w:t></w:r></w:p></w:tc>");
    let bodies = [
        in_paragraph(&start) + &drop(&in_paragraph(&stop)),
        drop(&in_paragraph(&start)) + &in_paragraph(&stop),
        format!("{loop_start}{}{loop_end}{}", in_paragraph(&start), in_paragraph(&stop)),
        control("", &drop("<w:p/>")),
        table(&(row_gone.clone() + &start + &row(CELL) + &row_end))
            + &in_paragraph(&stop),
        table(&row(&format!("<w:tc>{}</w:tc>", drop(&table(&row(CELL)))))),
        table(&(row(CELL) + &control("", &(row_gone + &row(CELL) + &row_end)))),
        in_paragraph(
            &(run("<w:t>{%r if x %}</w:t>")
                + &field("begin")
                + &field("separate")
                + &run("<w:t>{%r endif %}</w:t>")
                + &run("<w:t>kept</w:t>")
                + &field("end")),
        ),
        format!(
            "{loop_start}{}{loop_end}",
            in_paragraph(&control("<w:id w:val=\"5\"/>", &run("")))
        ),
        format!("{loop_start}{}{loop_end}", drawing(7)),
        in_paragraph(&control("", &run("<w:t>{%r if x %}</w:t>")))
            .replace("{%r if x %}", "{{r x }}"),
    ];
    for body in bodies {
        let word = Word::body(&body);
        let (merged, warnings) = word.merge(&json!({})).unwrap_or_else(|e| {
            panic!("{body}\n{}", told(&e));
        });
        assert_eq!(told(&warnings), "", "{body}");
        assert_eq!(told(&faults(&merged)), "", "{body}\n{}", body_of(&merged));
    }
}

/// Ids in parts without tags count, too.
#[test]
fn ids_are_unique_over_all_parts() {
    let (start, end) = bookmark(1, "a");
    let header = format!(
        "<w:hdr xmlns:w=\"{}\"><w:p>{start}{end}</w:p></w:hdr>",
        support::word::W
    );
    let body = in_paragraph(&(start + &end)) + &paragraph("{{ x }}");
    let word = Word::body(&body).related_part("word/header1.xml", "header", &header);
    assert_eq!(codes(&word), ["docx/duplicate-bookmark"]);
    let (merged, warnings) = word.merge(&json!({})).expect("merged");
    assert_eq!(told(&warnings) + &told(&faults(&merged)), "");
    assert!(body_of(&merged).contains("w:name=\"a_2\""));
}

/// Ten kinds of faults in one output are told at once, with their places.
#[test]
fn all_faults_of_an_output_are_told() {
    let attribute = |markup: &str| in_paragraph(markup) + &paragraph("here");
    let body = [
        attribute("<w:pPr><w:pStyle w:val=\"{{ a }}\"/></w:pPr>"),
        attribute("<w:hyperlink w:anchor=\"{{ a }}\"><w:r/></w:hyperlink>"),
        attribute(&control("<w:alias w:val=\"{{ a }}\"/>", &run(""))),
        attribute(&run("<w:footnoteReference w:id=\"{{ a }}\"/>")),
        attribute("<w:hyperlink r:id=\"{{ a }}\"><w:r/></w:hyperlink>"),
        format!(
            "{}{}{}{}",
            in_paragraph(&(field("begin") + &run("<w:t>open</w:t>"))),
            paragraph("{%p if x %}"),
            in_paragraph(&field("end")),
            paragraph("{%p endif %}")
        ),
    ];
    let word = Word::body(&body.concat());
    let errors = word.merge(&json!({"a": "a".repeat(65)})).expect_err("faults");
    golden!(told(&errors));
}
