//! Drawings: whether they can be read, and what of them would not be printed.

use resvg::usvg::{self, roxmltree};

use super::{Format, Remark, Seen};
use crate::diag::Text;
use crate::text;

/// Parts that programs for the screen use and print does not.
const NOT_PRINTED: [&str; 7] = [
    "script",
    "foreignObject",
    "animate",
    "animateMotion",
    "animateTransform",
    "set",
    "video",
];

/// How many names a message lists.
const MOST_NAMES: usize = 3;

/// Looks at an SVG file.
pub(super) fn look(bytes: &[u8]) -> Result<Seen, Remark> {
    let words = std::str::from_utf8(bytes)
        .map_err(|_| unsound(text!("SVG 不是 UTF-8 编码", "the SVG is not in UTF-8")))?;
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let words = words.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let document = roxmltree::Document::parse_with_options(words, options)
        .map_err(|error| faulty(&error.to_string()))?;
    check_links(&document)?;
    let mut reading = usvg::Options::default();
    // A picture reads no other files.
    reading.image_href_resolver.resolve_string = Box::new(|_, _| None);
    let tree = usvg::Tree::from_xmltree(&document, &reading)
        .map_err(|error| faulty(&error.to_string()))?;
    if tree.root().children().is_empty() && !has_text(&document) {
        return Err(unsound(text!(
            "SVG 里没有可印的内容",
            "nothing in the SVG is printed"
        )));
    }
    let remarks = not_printed(&document).into_iter().collect();
    Ok(Seen { format: Format::Svg, made: None, remarks })
}

fn faulty(cause: &str) -> Remark {
    unsound(text!("SVG 有误：{cause}", "the SVG is faulty: {cause}"))
}

fn unsound(what: Text) -> Remark {
    let todo = text!(
        "用 Inkscape 或 Illustrator 打开，另存为“普通 SVG”",
        "open it with Inkscape or Illustrator and save it as plain SVG"
    );
    Remark::new("data/picture-damaged", what, todo)
}

/// Fonts are not known here, and text without them is no shape.
fn has_text(document: &roxmltree::Document<'_>) -> bool {
    document
        .descendants()
        .any(|node| node.has_tag_name("text") || node.tag_name().name() == "text")
}

/// Fails if the drawing shows other files: the one engine would read them, the
/// other would not.
fn check_links(document: &roxmltree::Document<'_>) -> Result<(), Remark> {
    let mut links: Vec<&str> = document
        .descendants()
        .filter(|node| matches!(node.tag_name().name(), "image" | "use" | "feImage"))
        .flat_map(|node| node.attributes().filter(|entry| entry.name() == "href"))
        .map(|entry| entry.value().trim())
        .filter(|link| !link.is_empty() && !link.starts_with(['#']))
        .filter(|link| !link.starts_with("data:"))
        .collect();
    links.dedup();
    if links.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = links.iter().copied().take(MOST_NAMES).collect();
    let (zh, en) = (named.join("、"), named.join(", "));
    Err(Remark::new(
        "data/picture-links",
        text!("里面引用了另外的文件：{zh}", "it shows other files: {en}"),
        text!(
            "在绘图软件里“嵌入图像”后重新存为 SVG（Inkscape：扩展→图像→嵌入）",
            "embed the images in the drawing program and save the SVG again"
        ),
    ))
}

fn not_printed(document: &roxmltree::Document<'_>) -> Option<Remark> {
    let mut found: Vec<&str> = document
        .descendants()
        .map(|node| node.tag_name().name())
        .filter(|name| NOT_PRINTED.contains(name))
        .collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return None;
    }
    let (zh, en) = (found.join("、"), found.join(", "));
    Some(Remark::new(
        "data/picture-parts",
        text!("里面的 {zh} 不印", "its {en} is not printed"),
        text!(
            "对照印样看缺了什么；文字要转成路径或普通文字再存为 SVG",
            "compare it with the proof; turn such text into paths or plain text"
        ),
    ))
}
