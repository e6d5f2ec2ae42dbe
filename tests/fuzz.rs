//! Damaged and strange inputs: nothing panics, nothing hangs, and no output has a
//! fault that its input did not have.
//!
//! Each target changes real files at random for `HUIKAN_FUZZ_SECONDS` (2 unless it
//! is set). A failure names the number of its input: `HUIKAN_FUZZ_INPUT=123` tries
//! that one alone.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::{OnceLock, mpsc};
use std::time::{Duration, Instant};

use huikan::docx::{self, Template};
use huikan::pdf;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use support::pdf::tagged;
use support::project::Project;
use support::word::{OnePixel, entries, told};
use zip::ZipArchive;

/// How long one input may take: far more than any needs, even when not optimised.
const LONGEST: Duration = Duration::from_secs(30);

/// How large the main part of an input may become: loops repeat it.
const LARGEST: usize = 200_000;

/// Numbers that look random, the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A template and a dataset for it.
struct Seed {
    template: Vec<u8>,
    data: String,
}

fn seeds() -> Vec<Seed> {
    let root = env!("CARGO_MANIFEST_DIR");
    let bytes = |path: &str| std::fs::read(format!("{root}/{path}")).expect(path);
    let text = |path: &str| String::from_utf8(bytes(path)).expect("UTF-8");
    let sample = text("templates/handout/sample.json");
    let poster = text("templates/poster/sample.json");
    let list = r#"{"title": "大会", "name": "张三", "items": [{"name": "甲", "count": 1},
        {"name": "乙", "count": 2}], "note": {"$type": "RichText", "runs": [{"text": "注", "bold": true}]}}"#;
    vec![
        Seed { template: bytes("templates/handout/main.docx"), data: sample },
        Seed { template: bytes("templates/poster/main.docx"), data: poster },
        Seed { template: bytes("tests/seed/libreoffice.docx"), data: list.to_owned() },
    ]
}

/// Runs a target for its time. `target` gets a seed and dice.
fn fuzz(target: fn(&Seed, &mut Dice)) {
    let variable = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let budget = Duration::from_secs(variable("HUIKAN_FUZZ_SECONDS").unwrap_or(2));
    let only = variable("HUIKAN_FUZZ_INPUT");
    let (send, receive) = mpsc::channel::<Option<u64>>();
    let worker = std::thread::spawn(move || {
        let seeds = seeds();
        let begin = Instant::now();
        let mut input = only.unwrap_or(0);
        while begin.elapsed() < budget {
            let _ = send.send(Some(input));
            let seed = &seeds[(input % seeds.len() as u64) as usize];
            target(seed, &mut Dice(input));
            if only.is_some() {
                break;
            }
            input += 1;
        }
        let _ = send.send(None);
    });
    let mut last = 0;
    loop {
        match receive.recv_timeout(LONGEST) {
            Ok(Some(input)) => last = input,
            Ok(None) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("input {last} takes too long"),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    if worker.join().is_err() {
        panic!("input {last} fails: see above; run it with HUIKAN_FUZZ_INPUT={last}");
    }
    println!("{last} inputs");
}

/// Changes some bytes: flips, removes, repeats, or puts in what means something.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice, words: &[&str]) {
    for _ in 0..1 + dice.below(4) {
        let at = dice.below(bytes.len());
        let end = (at + 1 + dice.below(40)).min(bytes.len());
        match dice.below(6) {
            _ if bytes.is_empty() => return,
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = dice.roll() as u8,
            2 => {
                bytes.drain(at..end);
            }
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => {
                let word = dice.pick(words).bytes();
                bytes.splice(at..at, word);
            }
        }
    }
}

/// Compiles, merges and looks at the output. Faults are fine; panics and faults
/// that only the output has are not.
fn try_out(template: &[u8], data: &Value) {
    let Ok(compiled) = Template::compile("t.docx", template.to_vec()) else { return };
    let Ok(merged) = compiled.value.render(data, &OnePixel) else { return };
    let (known, before) = (codes(template), readable(template));
    for (name, content) in readable(&merged.value) {
        // Parts that were not touched may be anything.
        if before.get(&name) != Some(&content) && name.ends_with(".xml") {
            assert_well_formed(&name, &content);
        }
    }
    let found = docx::check("o.docx", merged.value)
        .unwrap_or_else(|e| panic!("{}", told(e.diagnostics())));
    let new: Vec<_> = found
        .into_iter()
        .filter(|fault| fault.is_error() && !known.contains(fault.code.as_ref()))
        .collect();
    assert_eq!(told(&new), "");
}

/// The entries that can be unpacked.
fn readable(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let mut found = BTreeMap::new();
    for index in 0..zip.len() {
        let Ok(mut entry) = zip.by_index(index) else { continue };
        let mut content = Vec::new();
        if entry.read_to_end(&mut content).is_ok() {
            found.insert(entry.name().to_owned(), content);
        }
    }
    found
}

/// The codes of the faults that a document has.
fn codes(bytes: &[u8]) -> BTreeSet<String> {
    let faults = match docx::check("t.docx", bytes.to_vec()) {
        Ok(faults) => faults,
        Err(errors) => errors.into_vec(),
    };
    faults.iter().map(|fault| fault.code.to_string()).collect()
}

fn assert_well_formed(name: &str, content: &[u8]) {
    let mut reader = Reader::from_reader(content);
    let mut depth = 0_i64;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                tag.attributes().for_each(|attribute| {
                    attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
                });
            }
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert_eq!(depth, 0, "{name}");
}

/// Any damage to the bytes of the file.
#[test]
fn packages() {
    fuzz(|seed, dice| {
        let mut template = seed.template.clone();
        damage(
            &mut template,
            dice,
            &["PK\u{3}\u{4}", "PK\u{1}\u{2}", "\0\0\0\0", "word/", "../"],
        );
        try_out(&template, &serde_json::from_str(&seed.data).expect("JSON"));
    });
}

const TAGS: [&str; 40] = [
    "{{ x }}",
    "{{r note }}",
    "{{p note }}",
    "{{tc items }}",
    "{{tr items }}",
    "{% if x %}",
    "{% else %}",
    "{% endif %}",
    "{%p if x %}",
    "{%p endif %}",
    "{%tr for x in items %}",
    "{%tr endfor %}",
    "{%tc for x in items %}",
    "{%tc endfor %}",
    "{%r if x %}",
    "{%r endif %}",
    "{% for y in items %}",
    "{% endfor %}",
    "{% vm %}",
    "{% hm %}",
    "{% colspan 2 %}",
    "{% cellbg \"ff0000\" %}",
    "{#",
    "#}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{%-",
    "-%}",
    "{_{",
    "{% set z %}",
    "{% endset %}",
    "{{ z }}",
    "{% macro m(a) %}",
    "{% endmacro %}",
    "{{ m(x) }}",
    "|upper",
    "“”",
    "{% raw %}",
];

const MARKUP: [&str; 24] = [
    "<w:p/>",
    "<w:p>",
    "</w:p>",
    "<w:r><w:t>t</w:t></w:r>",
    "</w:t></w:r><w:r><w:t>",
    "<w:tc><w:p/></w:tc>",
    "<w:tr/>",
    "<w:tbl/>",
    "<w:sdt><w:sdtContent/></w:sdt>",
    "<w:bookmarkStart w:id=\"1\" w:name=\"a\"/>",
    "<w:bookmarkEnd w:id=\"1\"/>",
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>",
    "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
    "<w:del><w:r><w:t>x</w:t></w:r></w:del>",
    "<w:instrText> TOC \\o </w:instrText>",
    "<w:hyperlink w:anchor=\"q\"/>",
    "<w:br/>",
    "<w:tab/>",
    "<!-- c -->",
    "<![CDATA[x]]>",
    "&amp;",
    "&#x41;",
    "<w:pPr><w:jc/><w:keepNext/></w:pPr>",
    "<w:hyperlink r:id=\"rId99\"><w:r><w:t>{{ x }}</w:t></w:r></w:hyperlink>",
];

/// Damage to the parts of a sound file, with tags and markup put anywhere.
#[test]
fn tags() {
    fuzz(|seed, dice| {
        let mut parts: Vec<(String, Vec<u8>)> =
            entries(&seed.template).into_iter().collect();
        let tagged: Vec<usize> = (0..parts.len())
            .filter(|at| parts[*at].0.ends_with(".xml") && parts[*at].1.len() < LARGEST)
            .collect();
        let main = parts.iter().position(|(name, _)| name == "word/document.xml");
        let at = match dice.below(4) {
            0 => *dice.pick(&tagged),
            _ => main.expect("a body"),
        };
        let (name, content) = &mut parts[at];
        match dice.below(3) {
            0 => damage(content, dice, &[TAGS.as_slice(), &MARKUP].concat()),
            _ => insert(content, dice),
        }
        assert!(!name.is_empty());
        try_out(
            &support::word::zip(&parts),
            &serde_json::from_str(&seed.data).expect("JSON"),
        );
    });
}

/// Puts tags into texts and markup between elements, so that most is well-formed.
fn insert(content: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..1 + dice.below(4) {
        let text = dice.below(2) == 0;
        let after: &[u8] = if text { b"<w:t>" } else { b"/>" };
        let places: Vec<usize> = (0..content.len())
            .filter(|at| content[*at..].starts_with(after))
            .map(|at| at + after.len())
            .collect();
        if places.is_empty() {
            return;
        }
        let at = *dice.pick(&places);
        let word = if text { dice.pick(&TAGS) } else { dice.pick(&MARKUP) };
        content.splice(at..at, word.bytes());
    }
}

/// Damage to the dataset of a sound file.
#[test]
fn data() {
    const WORDS: [&str; 16] = [
        "null",
        "[]",
        "{}",
        "\"\"",
        "1e999",
        "-1",
        "{\"$type\": \"RichText\", \"runs\": []}",
        "\"$type\": \"InlineImage\", ",
        "\"$type\": \"Listing\", ",
        "\\n",
        "\\u0007",
        "\\f",
        ", ",
        "true",
        "\"a\": ",
        "[[\"a\"]]",
    ];
    fuzz(|seed, dice| {
        let mut data = seed.data.clone().into_bytes();
        // Most damage makes no JSON: several tries are cheap.
        for _ in 0..20 {
            let mut tried = data.clone();
            damage(&mut tried, dice, &WORDS);
            if serde_json::from_slice::<Value>(&tried).is_ok() {
                data = tried;
                break;
            }
        }
        try_out(&seed.template, &serde_json::from_slice(&data).expect("JSON"));
    });
}

/// A PDF that was laid out, and one that can be read by eye.
fn pdfs() -> &'static [Vec<u8>; 2] {
    static PDFS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    PDFS.get_or_init(|| {
        let project = Project::empty();
        project.run(&["init", "own"]);
        let run = project.run(&["build", "--project", "own", "-f", "pdf", "-o", "out"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let path = project.path().join("out/sample-handout.pdf");
        let content =
            "/P << /MCID 0 >> BDC BT /F 1 Tf [<0001> 5 <0002>] TJ ET EMC /F Do BI ID EI";
        let tags = ["<< /S /Document /Pg 3 0 R /K [<< /S /P /K 0 >> 10 0 R] >>"];
        [std::fs::read(path).expect("a PDF"), tagged(content, "/P /P", &tags)]
    })
}

/// Any damage to finished outputs: reading them gives something or nothing.
#[test]
fn outputs() {
    fuzz(|seed, dice| {
        let words = ["obj", "R", "/K", "/Pg", "/First", "BDC", "Tj", "[", "<<", "stream"];
        let mut file = dice.pick(pdfs()).clone();
        damage(&mut file, dice, &words);
        if let Some(file) = pdf::reading::File::open(file) {
            let _ = (file.structure(), file.outline(), file.text().len());
        }
        let mut file = seed.template.clone();
        damage(&mut file, dice, &["PK\u{3}\u{4}", "word/", "<w:p>", "</w:tbl>"]);
        let _ = docx::reading::read("o.docx", file);
    });
}
