//! Texts that were broken on their way, imported and compared with what they say.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use huikan::build::manuscript::{self, Imported};
use huikan::build::material;
use huikan::data::import::manuscript::Change;
use huikan::diag::Warned;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use support::project::Project;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn json(path: impl AsRef<Path>) -> Value {
    let text = std::fs::read(path.as_ref()).expect("a file");
    serde_json::from_slice(&text).expect("JSON")
}

/// The parts of the real report that its text has.
fn texts_of(dataset: &Value) -> Value {
    let mut texts = serde_json::Map::new();
    for key in ["masthead", "lead", "highlights", "closing"] {
        texts.insert(key.into(), dataset[key].clone());
    }
    let mut texts = Value::Object(texts);
    if let Some(highlights) = texts["highlights"].as_array_mut() {
        for highlight in highlights {
            if let Some(fields) = highlight.as_object_mut() {
                fields.remove("photos");
                fields.remove("summary");
            }
        }
    }
    texts
}

/// The real handout, as a PDF extractor gave it, becomes its dataset letter by letter.
#[test]
fn the_real_handout_becomes_its_dataset() {
    let project = Project::empty();
    let text = std::fs::read(folder().join("xinchang-handout.md")).expect("the seed");
    project.write("seed.md", &text);
    let arguments = ["import", "seed.md", "-t", "handout", "-o", "data/x.json"];
    let run = project.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = json(root.join("data/xinchang-8.json"));
    let found = json(project.path().join("data/x.json"));
    assert_eq!(texts_of(&found), texts_of(&wanted));
    assert_eq!(found, texts_of(&found), "nothing else is in it");
    // What is doubtful is told, and left.
    for doubt in ["structure/parallel-titles", "name/spelling", "import/to-fill"] {
        assert!(run.stderr.contains(&format!("[{doubt}]")), "{doubt}: {}", run.stderr);
    }
}

/// Runs `import` in both languages; all that it says.
fn said(project: &Project, arguments: &[&str]) -> String {
    let mut said = String::new();
    for lang in ["en", "zh"] {
        let arguments = [&["import"], arguments, &["--lang", lang]].concat();
        let run = project.run(&arguments);
        let _ = writeln!(said, "$ huikan {} -> {:?}", arguments.join(" "), run.code);
        let _ = writeln!(said, "{}", run.stderr.trim_end());
    }
    said
}

/// Files that are no texts are refused, with what they are and what to do.
#[test]
fn what_cannot_be_imported_is_refused() {
    let project = Project::empty();
    let wide = |text: &str| -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let ole = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 600]].concat();
    let old = [ole.clone(), wide("WordDocument")].concat();
    let locked = [ole.clone(), wide("EncryptedPackage")].concat();
    let text = "科学技术协会代表大会工作报告，请予审议。".repeat(6);
    let damaged = [text.as_bytes(), b"\n\xe7\xa7 here\n", text.as_bytes()].concat();
    let (gbk, _, _) = encoding_rs::GB18030.encode(&text);
    let mixed = [&gbk[..], b"\xff\xff\xfe\n"].concat();
    let opendocument =
        b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text".to_vec();
    let files: [(&str, Vec<u8>); 14] = [
        ("binary.txt", (0..=255).cycle().take(4000).collect()),
        ("damaged.txt", damaged),
        ("mixed.txt", mixed),
        ("empty.txt", Vec::new()),
        ("blank.md", b" \n\n\t\n".to_vec()),
        ("marks.md", "---\n\n***\n".into()),
        ("old.doc", old.clone()),
        ("old.wps", old),
        ("locked.docx", locked),
        ("paper.pdf", b"%PDF-1.7\n".to_vec()),
        ("letter.rtf", b"{\\rtf1\\ansi hello}".to_vec()),
        ("text.odt", opendocument),
        ("cut.docx", b"PK\x03\x04 cut off".to_vec()),
        ("picture.png", b"\x89PNG\r\n\x1a\n".to_vec()),
    ];
    let mut shown = String::new();
    for (name, bytes) in &files {
        project.write(name, bytes);
        shown += &said(&project, &[name, "-o", "x.json"]);
    }
    shown += &said(&project, &["nothing.md"]);
    project.write("text.md", "# 题\n\n正文。\n".as_bytes());
    shown += &said(&project, &["text.md", "--interactive"]);
    shown += &said(&project, &["text.md", "-t", "handuot"]);
    shown += &said(&project, &["text.md", "-o", "text.md"]);
    assert!(!project.path().join("x.json").exists(), "nothing is written");
    insta::assert_snapshot!(shown);
}

/// Texts of unusual kinds are imported, with what should be looked at.
#[test]
fn unusual_texts_are_imported() {
    let project = Project::empty();
    let text = "工作总结\n\n一、科普\n\n全县科协组织认真履行职责，广泛开展科学普及活动，受到群众欢迎。\n";
    let traditional = "工作總結\n\n全縣科協組織認真履行職責，廣泛開展科學普及活動，受到群眾歡迎。這裡的鄉親們都說好。\n";
    let wide = |text: &str| -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let files: [(&str, Vec<u8>); 10] = [
        ("gb18030.txt", encoding_rs::GB18030.encode(text).0.into_owned()),
        ("big5.txt", encoding_rs::BIG5.encode(traditional).0.into_owned()),
        ("utf16-bom.txt", [&[0xFF, 0xFE][..], &wide(text)].concat()),
        ("utf16.txt", wide(&format!("{text}{}", "Plain words of a report. ".repeat(4)))),
        ("no-headings.txt", "全县科协组织认真履行职责。\n\n活动受到群众欢迎。\n".into()),
        ("only-headings.md", "# 报告\n\n## 一、回顾\n\n## 二、展望\n".into()),
        (
            "right-to-left.txt",
            "تقرير العمل\n\nهذا تقرير عن أعمال الجمعية خلال خمس سنوات.\n".into(),
        ),
        ("emoji.txt", "今晚看星星 🌟\n\n带上望远镜🔭和👨‍👩‍👧‍👦，八点见！\n".into()),
        (
            "picture.html",
            "<h1>报告</h1><p>开幕的情形<img src=\"a.jpg\">很热烈。</p><img src=\"b.png\"/>".into(),
        ),
        ("old-mac.txt", "题目\r\r第一段话说完了。\r第二段话也说完了。\r".into()),
    ];
    let mut shown = String::new();
    for (name, bytes) in &files {
        project.write(name, bytes);
        shown += &said(&project, &[name, "-t", "report", "--force", "-o", "x.json"]);
        let dataset = json(project.path().join("x.json"));
        let _ = writeln!(shown, "{dataset:#}\n");
    }
    let tracked =
        std::fs::read(folder().join("tracked-changes.docx")).expect("a document");
    project.write("tracked.docx", &tracked);
    shown += &said(&project, &["tracked.docx", "--force", "-o", "x.json"]);
    insta::assert_snapshot!(shown);
}

/// A schema of somebody's own, without any mark, says by its types and names what goes
/// where.
#[test]
fn own_schemas_are_filled() {
    let project = Project::empty();
    let schema = r##"{
        "type": "object",
        "required": ["标题", "编号"],
        "properties": {
            "编号": { "type": "string", "pattern": "^[0-9]+$" },
            "标题": { "type": "string" },
            "引言": { "type": "string", "contentMediaType": "text/markdown" },
            "chapters": { "type": "array", "items": { "$ref": "#/$defs/chapter" } },
            "结束语": { "type": "string", "contentMediaType": "text/markdown" }
        },
        "$defs": { "chapter": { "type": "object", "required": ["heading"], "properties": {
            "heading": { "type": "string" },
            "parts": { "type": "array", "items": { "type": "object", "properties": {
                "heading": { "type": "string" },
                "paragraphs": { "type": "array", "items": { "type": "string" } }
            } } }
        } } }
    }"##;
    project.write("templates/own/schema.json", schema.as_bytes());
    project.write("templates/own/template.toml", b"name = \"own\"\ntitle = \"own\"\n");
    let text = "手册\n\n写在前面的话，请先读一读。\n\n一、准备\n\n带好工具，检查三遍。\n\n（一）工具\n\n锤子一把。\n\n钉子十枚。\n\n二、动手\n\n小心手指，不要着急。\n";
    project.write("text.txt", text.as_bytes());
    let run =
        project.run(&["import", "text.txt", "-t", "own", "-o", "x.json", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("missing field `编号`"), "{}", run.stderr);
    let wanted = serde_json::json!({
        "标题": "手册",
        "引言": "写在前面的话，请先读一读。",
        "chapters": [
            { "heading": "一、准备", "parts": [
                { "paragraphs": ["带好工具，检查三遍。"] },
                { "heading": "（一）工具", "paragraphs": ["锤子一把。", "钉子十枚。"] }
            ] },
            { "heading": "二、动手", "parts": [{ "paragraphs": ["小心手指，不要着急。"] }] }
        ]
    });
    assert_eq!(json(project.path().join("x.json")), wanted);
    // One that has no room for text.
    project.write(
        "templates/bare/schema.json",
        br#"{ "type": "object", "properties": { "title": { "type": "string" } } }"#,
    );
    project.write("templates/bare/template.toml", b"name = \"bare\"\ntitle = \"bare\"\n");
    insta::assert_snapshot!(said(&project, &["text.txt", "-t", "bare"]));
}

/// A report for programs names every change; pictures stand beside the dataset.
#[test]
fn changes_and_pictures_are_written() {
    let project = Project::empty();
    let document = std::fs::read(folder().join("pictures.docx")).expect("a document");
    project.write("pictures.docx", &document);
    let arguments =
        ["import", "pictures.docx", "-o", "data/x.json", "--report", "changes.json"];
    let run = project.run(&[&arguments[..], &["--message-format", "json"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(project.path().join("data/photos/pictures-1.png").is_file());
    let body = json(project.path().join("data/x.json"))["body"].clone();
    let body = body.as_str().expect("text").to_string();
    assert!(body.contains("![球幕下的观众](photos/pictures-1.png)"), "{body}");
    assert!(body.contains("| 天文科技馆 | 5200平方米 | 2019年 |"), "{body}");
    let kinds: Vec<String> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|object| object["kind"].as_str().expect("a kind").to_string())
        .collect();
    assert!(
        kinds.contains(&"change".into()) && kinds.contains(&"import".into()),
        "{kinds:?}"
    );
    let report = json(project.path().join("changes.json"));
    let picture = report["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .find(|change| change["code"] == "import/picture");
    assert_eq!(picture.expect("a picture")["added"], "球幕下的观众photospictures1png");
}

/// What somebody does not agree to is not done, and nothing is lost by that.
#[test]
fn doubtful_changes_can_be_refused() {
    let bytes = std::fs::read(folder().join("xinchang-handout.md")).expect("the seed");
    let path = Path::new("seed.md");
    let material = material::recognise(path, "seed.md", &bytes).expect("a text").value;
    let opened = manuscript::open("seed.md", material, bytes).expect("a text").value;
    let project = huikan::project::Project::bare(&folder());
    let mut asked = Vec::new();
    let mut refuse = |change: &Change| {
        asked.push(change.code);
        false
    };
    let made = manuscript::make(&project, opened, None, "x.json", &mut refuse);
    let made = made.expect("a dataset").value;
    assert!(
        made.markdown.contains("打造多层次　宣教阵地体系")
            || made.markdown.contains("打造多层次 宣教阵地体系")
    );
    assert!(!made.changes.iter().any(|change| change.code == "import/split"));
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked, ["import/closing", "import/join", "import/split", "import/title"]);
}

/// Fifty megabytes are refused at once; as much as is taken is done within seconds.
#[test]
fn large_texts_end_soon() {
    let project = Project::empty();
    let paragraph = "全县科协组织认真履行职责,广泛开展科学普及活动。\n\n";
    project.write("large.txt", paragraph.repeat((50 << 20) / paragraph.len()).as_bytes());
    let run = project.run(&["import", "large.txt", "-o", "x.json", "--lang", "en"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("the file has 49 MB"), "{}", run.stderr);
    // One line, and many.
    let line = "全县科协组织认真履行职责,广泛开展科学普及活动。".repeat(30_000);
    project.write("line.txt", line.as_bytes());
    project.write("many.txt", paragraph.repeat(20_000).as_bytes());
    for name in ["line.txt", "many.txt"] {
        let run =
            project.run(&["import", name, "-t", "report", "--force", "-o", "x.json"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
}

/// A manuscript of the corpus as it is imported.
fn imported(path: &Path, bytes: Vec<u8>) -> Warned<Imported> {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let told = |errors: huikan::diag::Errors| -> String {
        let texts = errors.into_vec();
        texts
            .iter()
            .map(|fault| format!("{}: {}\n", fault.code, fault.message.en))
            .collect()
    };
    let material = material::recognise(path, &name, &bytes)
        .unwrap_or_else(|errors| panic!("{name}: {}", told(errors)));
    let opened = manuscript::open(&name, material.value, bytes)
        .unwrap_or_else(|errors| panic!("{name}: {}", told(errors)));
    let project = huikan::project::Project::bare(&folder());
    manuscript::make(&project, opened.value, None, "x.json", &mut |_| true)
        .unwrap_or_else(|errors| panic!("{name}: {}", told(errors)))
}

/// The files of the corpus, each with its truth.
fn corpus() -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder()).expect("the corpus").flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let truth =
        |path: &Path| std::fs::read_to_string(path.with_extension("truth.md")).ok();
    let text = |path: &PathBuf| !path.to_string_lossy().ends_with(".truth.md");
    let texts = paths.into_iter().filter(text);
    texts.filter_map(|path| truth(&path).map(|truth| (path, truth))).collect()
}

fn blocks(markdown: &str) -> Vec<&str> {
    markdown.trim().split("\n\n").collect()
}

/// How many blocks of two texts are the same, in order.
fn common(one: &[&str], other: &[&str]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for a in one {
        let mut before = 0;
        for (at, b) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if a == b { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[other.len()]
}

/// Paragraphs and headings of all kinds of broken texts are found.
#[test]
fn broken_texts_are_put_in_order() {
    let (mut right, mut all, mut told) = (0, 0, String::new());
    let corpus = corpus();
    assert!(corpus.len() >= 30, "{}", corpus.len());
    for (path, truth) in &corpus {
        let bytes = std::fs::read(path).expect("a manuscript");
        let made = imported(path, bytes);
        let (found, wanted) = (blocks(&made.value.markdown), blocks(truth));
        let same = common(&found, &wanted);
        let most = found.len().max(wanted.len());
        right += same;
        all += most;
        if same < most {
            let name = path.file_name().expect("a name").to_string_lossy();
            let _ = writeln!(told, "== {name}: {same} of {most}");
            for block in wanted.iter().filter(|block| !found.contains(block)) {
                let _ = writeln!(told, "- {block}");
            }
            for block in found.iter().filter(|block| !wanted.contains(block)) {
                let _ = writeln!(told, "+ {block}");
            }
        }
    }
    let share = right as f64 / all as f64 * 100.0;
    println!("{told}\n{right} of {all} blocks of {} texts: {share:.1} %", corpus.len());
    assert!(share >= 95.0, "{share:.1} %\n{told}");
}

/// What was put in order stays as it is when it is imported again.
#[test]
fn clean_text_is_left_alone() {
    for (path, _) in corpus() {
        let bytes = std::fs::read(&path).expect("a manuscript");
        again(&path, &imported(&path, bytes).value.markdown);
    }
}

/// Imports text that has been put in order; it must come out as it went in.
fn again(path: &Path, text: &str) {
    let name = path.file_name().expect("a name").to_string_lossy();
    let second = imported(Path::new("second.md"), text.as_bytes().to_vec()).value;
    assert_eq!(second.markdown, text, "{name}");
    let changes: Vec<String> = second
        .changes
        .iter()
        .map(|change| format!("{} {} → {}", change.code, change.before, change.after))
        .collect();
    assert_eq!(changes, [""; 0], "{name}");
}

/// A text in which something went wrong, as `dice` say.
fn damaged(text: &str, dice: &[(u8, u16)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (what, at) in dice {
        let at = usize::from(*at) * chars.len() / 65536;
        match what % 9 {
            0 => chars.insert(at, '\n'),
            1 => chars.splice(at..at, "\n\n".chars()).for_each(drop),
            2 => chars.insert(at, ' '),
            3 => {
                if let Some(c) = chars.get_mut(at) {
                    *c = match *c {
                        '，' => ',',
                        '。' => '.',
                        '（' => '(',
                        '）' => ')',
                        '：' => ':',
                        '\n' => ' ',
                        c => c,
                    };
                }
            }
            4 => {
                if let Some(end) = chars[at..].iter().position(|c| *c == '\n') {
                    chars.remove(at + end);
                }
            }
            5 => chars.splice(at..at, "\n\n— 7 —\n\n".chars()).for_each(drop),
            6 => chars.splice(at..at, "１２".chars()).for_each(drop),
            7 => chars
                .splice(at..at, ["# ", "一、", "|", "\t", "**", "- "][at % 6].chars())
                .for_each(drop),
            _ => {
                chars.get(at).copied().into_iter().for_each(|c| chars.insert(at, c));
            }
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(Config {
        cases: cases(), rng_seed: seed(), failure_persistence: None, ..Config::default()
    })]

    /// However a text is damaged, no letter is lost without a word and nothing panics.
    #[test]
    fn no_letter_is_lost(which in 0_usize..1000, dice in vec(any::<(u8, u16)>(), 0..40)) {
        let (path, text) = some_text(which);
        let made = imported(&path, damaged(&text, &dice).into_bytes());
        imported(Path::new("second.md"), made.value.markdown.into_bytes());
    }

    /// What was put in order stays as it is: a second import changes nothing.
    #[test]
    fn order_is_stable(document in document(), broken in breakage()) {
        let made = imported(Path::new("first.txt"), broken.apply(&document).into_bytes());
        again(Path::new("first.txt"), &made.value.markdown);
    }
}

/// Random texts, wrapped in columns and cut by pages, are what they were.
#[test]
fn columns_are_undone() {
    let config =
        Config { rng_seed: seed(), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let (mut right, mut all) = (0, 0);
    for _ in 0..200 {
        let tree = (document(), breakage()).new_tree(&mut runner).expect("a text");
        let (document, broken) = tree.current();
        let made = imported(Path::new("first.txt"), broken.apply(&document).into_bytes());
        let (found, wanted) = (blocks(&made.value.markdown), document.join("\n\n"));
        let wanted = blocks(&wanted);
        right += common(&found, &wanted);
        all += found.len().max(wanted.len());
    }
    let share = right as f64 / all as f64 * 100.0;
    println!("{right} of {all} random blocks: {share:.1} %");
    assert!(share >= 95.0, "{share:.1} %");
}

/// How a text was broken on its way.
#[derive(Debug, Clone)]
struct Breakage {
    /// How many full-width characters a line has; 0 if it was not wrapped.
    columns: usize,
    indented: bool,
    /// After how many lines a page ends; 0 if there are none.
    page: usize,
    half_width: bool,
}

fn breakage() -> impl Strategy<Value = Breakage> {
    let columns = prop_oneof![Just(0_usize), 14_usize..44];
    let page = prop_oneof![Just(0_usize), 9_usize..30];
    (columns, any::<bool>(), page, any::<bool>()).prop_map(
        |(columns, indented, page, half_width)| Breakage {
            columns,
            indented,
            page,
            half_width,
        },
    )
}

impl Breakage {
    fn apply(&self, document: &[String]) -> String {
        let mut lines: Vec<String> = Vec::new();
        for block in document {
            let heading = block.starts_with('#');
            let text = block.trim_start_matches('#').trim_start();
            let indent = if heading || !self.indented { "" } else { "\u{3000}\u{3000}" };
            let text = format!("{indent}{text}");
            match self.columns {
                0 => lines.push(text),
                columns => lines.extend(wrapped(&text, columns)),
            }
            if heading || !self.indented {
                lines.push(String::new());
            }
        }
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            text += line;
            text.push('\n');
            if self.page > 0 && index % self.page == self.page - 1 {
                let _ = write!(text, "\n— {} —\n\n", index / self.page + 1);
            }
        }
        let half = |c| match c {
            '，' => ',',
            '；' => ';',
            c => c,
        };
        if self.half_width { text.chars().map(half).collect() } else { text }
    }
}

/// Lines of so many characters; none begins with a mark that must not stand there.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let full = lines.last().is_some_and(|line| line.chars().count() >= columns);
        if full && !"，。；、！？”".contains(c) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
    lines
}

/// A text in order: a title, sections with numbers, paragraphs.
fn document() -> impl Strategy<Value = Vec<String>> {
    let clause = || {
        proptest::sample::select(vec![
            "全县上下齐心协力",
            "科技馆面向公众免费开放",
            "各学会认真组织学术交流",
            "农技专家走进田间地头",
            "企业创新能力持续增强",
            "青少年科学素质明显提高",
            "院士专家工作站稳步发展",
            "基层组织建设不断加强",
            "志愿者深入社区开展服务",
            "科普活动丰富多彩",
            "广大科技工作者积极投身主战场",
            "合作的领域进一步拓宽",
        ])
    };
    let sentence = vec(clause(), 2..5).prop_map(|clauses| clauses.join("，") + "。");
    let paragraph = vec(sentence, 1..5).prop_map(|sentences| sentences.concat());
    let heading = proptest::sample::select(vec![
        "工作回顾",
        "主要成效",
        "经验体会",
        "存在的问题和不足",
        "形势与任务",
        "保障措施",
    ]);
    let section = (heading, vec(paragraph, 1..4));
    vec(section, 2..5).prop_map(|sections| {
        let mut blocks = vec!["# 科学普及工作年度报告".to_string()];
        for (index, (heading, paragraphs)) in sections.into_iter().enumerate() {
            let number = ["一", "二", "三", "四", "五"][index];
            blocks.push(format!("## {number}、{heading}"));
            blocks.extend(paragraphs);
        }
        blocks
    })
}

/// A text of the corpus.
fn some_text(which: usize) -> (PathBuf, String) {
    let corpus = corpus().into_iter().map(|(path, _)| path);
    let texts = corpus.filter(|path| {
        path.extension().is_some_and(|ending| ending == "txt" || ending == "md")
    });
    let texts = texts.filter_map(|path| {
        let text = String::from_utf8(std::fs::read(&path).expect("a file")).ok()?;
        Some((path, text))
    });
    let mut texts: Vec<(PathBuf, String)> = texts.collect();
    let which = which % texts.len();
    texts.swap_remove(which)
}

/// The same cases on every run, unless others are asked for.
fn seed() -> RngSeed {
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|n| n.parse().ok());
    RngSeed::Fixed(seed.unwrap_or(8))
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(96)
}
