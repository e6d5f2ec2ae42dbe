//! Typed values in the data: `{"$type": "RichText", …}` and its kind.
//!
//! They say in JSON what users of docxtpl build from its Python classes, and
//! print what these print. A value of the wrong shape is kept as the
//! explanation of what is wrong, and told where a tag prints it.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};
use serde_json::{Map, Value as Json};

use super::context;
use super::faults::Explained;
use super::picture::Picture;
use super::print;
use crate::diag::Text;
use crate::docx::graft::subdocument::SubdocumentPath;
use crate::docx::opc::escape;
use crate::docx::opc::order::Properties;
use crate::docx::template::cells;
use crate::text;

/// The code of the diagnostic of a typed value of the wrong shape.
pub(crate) const MISSHAPEN: &str = "docx/typed-value";

/// A `RichText`: runs that say themselves what they look like.
#[derive(Debug, Clone, Default)]
pub(crate) struct StyledText {
    /// Its runs in order.
    pub(crate) runs: Vec<StyledRun>,
}

/// A run of a [`StyledText`].
#[derive(Debug, Clone)]
pub(crate) struct StyledRun {
    /// The text.
    pub(crate) text: String,
    /// Its properties, without the style.
    pub(crate) properties: Properties,
    /// The id or name of its style.
    pub(crate) style: Option<String>,
    /// Where it leads.
    pub(crate) url: Option<String>,
}

/// A `RichTextParagraph`: paragraphs, each with the id or name of its style.
#[derive(Debug, Clone, Default)]
pub(crate) struct StyledParagraphs(pub(crate) Vec<(Option<String>, StyledText)>);

/// A typed value of the wrong shape.
#[derive(Debug, Clone)]
pub(crate) struct Misshapen(pub(crate) Explained);

impl StyledText {
    /// The text alone.
    pub(crate) fn plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

impl StyledParagraphs {
    /// The text alone, one line for each paragraph.
    pub(crate) fn plain(&self) -> String {
        let lines: Vec<String> = self.0.iter().map(|(_, text)| text.plain()).collect();
        lines.join("\n")
    }
}

impl Object for StyledText {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl Object for StyledParagraphs {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl Object for Misshapen {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A typed value, or nothing if the object is of no type known here.
pub(crate) fn read(fields: &Map<String, Json>) -> Option<Value> {
    let reader = Reader { kind: fields.get("$type")?.as_str()? };
    let value = match reader.kind {
        "RichText" => reader.styled(fields, "").map(Value::from_object),
        "RichTextParagraph" => reader.paragraphs(fields).map(Value::from_object),
        "Listing" => reader.listing(fields),
        "InlineImage" => reader.image(fields).map(Value::from_object),
        "SubDocument" => reader.document(fields).map(Value::from_object),
        _ => return None,
    };
    Some(value.unwrap_or_else(|message| {
        Value::from_object(Misshapen(Explained::new(MISSHAPEN, message)))
    }))
}

/// The JSON pointer of the first typed value of which a message is true.
pub(crate) fn pointer_to(data: &Json, message: &Text) -> Option<String> {
    let below = |key: &str, json: &Json| {
        let rest = pointer_to(json, message)?;
        Some(format!("/{}{rest}", key.replace('~', "~0").replace('/', "~1")))
    };
    match data {
        Json::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| below(&index.to_string(), item))
        }
        Json::Object(fields) => {
            let value = read(fields);
            let misshapen = value.as_ref().and_then(Value::downcast_object_ref);
            match misshapen {
                Some(Misshapen(fault)) if fault.message == *message => {
                    Some(String::new())
                }
                _ => fields.iter().find_map(|(key, field)| below(key, field)),
            }
        }
        _ => None,
    }
}

/// Reads the fields of one typed value.
struct Reader<'r> {
    kind: &'r str,
}

impl Reader<'_> {
    /// What is wrong with a field.
    fn wrong(&self, field: &str, wanted: Text, found: &Json) -> Text {
        let kind = self.kind;
        let mut shown: String = found.to_string().chars().take(SHOWN).collect();
        if found.to_string().chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        let (zh, en) = (wanted.zh, wanted.en);
        text!(
            "`{kind}` 的 `{field}` 应当是{zh}，而不是 `{shown}`",
            "`{field}` of `{kind}` must be {en}, not `{shown}`"
        )
    }

    fn missing(&self, field: &str) -> Text {
        let kind = self.kind;
        text!("`{kind}` 缺少 `{field}`", "`{kind}` needs `{field}`")
    }

    /// Fields that nothing reads.
    fn check(&self, at: &str, fields: &Map<String, Json>, known: &[&str]) -> Found<()> {
        let unknown = fields
            .keys()
            .find(|name| *name != "$type" && !known.contains(&name.as_str()));
        let Some(unknown) = unknown else { return Ok(()) };
        let (kind, field) = (self.kind, inside(at, unknown));
        Err(text!("`{kind}` 没有 `{field}` 这一项", "`{kind}` has no `{field}`"))
    }

    /// An array of a field.
    fn array<'j>(&self, field: &str, value: &'j Json) -> Found<&'j [Json]> {
        let wanted = || text!("数组", "an array");
        let items = value.as_array().map(Vec::as_slice);
        items.ok_or_else(|| self.wrong(field, wanted(), value))
    }

    /// A text, if the field is there.
    fn string(
        &self,
        at: &str,
        fields: &Map<String, Json>,
        name: &str,
    ) -> Found<Option<String>> {
        match fields.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => {
                Ok(Some(text.clone()).filter(|text| !text.is_empty()))
            }
            Some(other) => {
                Err(self.wrong(&inside(at, name), text!("文字", "a text"), other))
            }
        }
    }

    /// A `RichText` at a place inside the value.
    fn styled(&self, fields: &Map<String, Json>, at: &str) -> Found<StyledText> {
        let Some(runs) = fields.get("runs") else {
            return match fields.contains_key("text") {
                true => self.run(fields, at),
                false => Err(self.missing(&inside(at, "runs"))),
            };
        };
        self.check(at, fields, &["runs"])?;
        let field = inside(at, "runs");
        let mut all = StyledText::default();
        for (index, run) in self.array(&field, runs)?.iter().enumerate() {
            let at = format!("{field}[{index}]");
            match run {
                Json::Object(fields) if fields.contains_key("runs") => {
                    all.runs.extend(self.styled(fields, &at)?.runs);
                }
                Json::Object(fields) => all.runs.extend(self.run(fields, &at)?.runs),
                other => all.runs.push(plain_run(other)),
            }
        }
        Ok(all)
    }

    /// A run; one whose text is a `RichText` is that text's runs.
    fn run(&self, fields: &Map<String, Json>, at: &str) -> Found<StyledText> {
        self.check(at, fields, &RUN_FIELDS)?;
        let text = fields.get("text").ok_or_else(|| self.missing(&inside(at, "text")))?;
        if let Json::Object(nested) = text {
            return self.styled(nested, &inside(at, "text"));
        }
        let run = StyledRun {
            properties: self.properties(fields, at)?,
            style: self.string(at, fields, "style")?,
            url: self.string(at, fields, "url")?,
            ..plain_run(text)
        };
        Ok(StyledText { runs: vec![run] })
    }

    fn properties(&self, fields: &Map<String, Json>, at: &str) -> Found<Properties> {
        let mut properties = Properties::default();
        self.marks(fields, &mut properties);
        if let Some(colour) = self.string(at, fields, "color")? {
            let colour = self.colour(at, "color", &colour)?;
            properties.set("w:color", format!("<w:color w:val=\"{colour}\"/>"));
        }
        if let Some(colour) = self.string(at, fields, "highlight")? {
            self.highlight(at, &colour, &mut properties)?;
        }
        if let Some(size) = fields.get("size").filter(|size| is_true(size)) {
            let half_points = number(size).filter(|size| (1.0..=3276.0).contains(size));
            let wanted = || text!("字号（半磅的倍数）", "a size in half points");
            let size = half_points
                .ok_or_else(|| self.wrong(&inside(at, "size"), wanted(), size))?
                .round();
            properties.set("w:sz", format!("<w:sz w:val=\"{size}\"/>"));
            properties.set("w:szCs", format!("<w:szCs w:val=\"{size}\"/>"));
        }
        if let Some(font) = self.string(at, fields, "font")? {
            properties.set("w:rFonts", self.fonts(at, &font)?);
        }
        if let Some(lang) = self.string(at, fields, "lang")? {
            let lang = escape::escape_attribute(&lang);
            properties.set("w:lang", format!("<w:lang w:val=\"{lang}\"/>"));
        }
        Ok(properties)
    }

    /// The properties that are on or off, and underlining.
    fn marks(&self, fields: &Map<String, Json>, properties: &mut Properties) {
        let on = |name: &str| fields.get(name).is_some_and(is_true);
        let right_to_left = on("rtl");
        let marks = [
            ("w:b", on("bold")),
            ("w:bCs", on("bold") && right_to_left),
            ("w:i", on("italic")),
            ("w:iCs", on("italic") && right_to_left),
            ("w:strike", on("strike")),
            ("w:rtl", right_to_left),
        ];
        for (name, _) in marks.into_iter().filter(|(_, on)| *on) {
            properties.set(name, format!("<{name}/>"));
        }
        if let Some(line) = fields.get("underline").filter(|line| is_true(line)) {
            let known = |line: &&str| UNDERLINES.contains(line);
            let line = line.as_str().filter(known).unwrap_or("single");
            properties.set("w:u", format!("<w:u w:val=\"{line}\"/>"));
        }
        for name in ["subscript", "superscript"] {
            if on(name) {
                let raw = format!("<w:vertAlign w:val=\"{name}\"/>");
                properties.set("w:vertAlign", raw);
            }
        }
    }

    fn colour(&self, at: &str, name: &str, written: &str) -> Found<String> {
        let wanted = || text!(" `#rrggbb` 这样的颜色", "a colour such as `#rrggbb`");
        let colour = cells::colour(written).filter(|colour| !colour.is_empty());
        colour.ok_or_else(|| self.wrong(&inside(at, name), wanted(), &written.into()))
    }

    /// A highlight of Word's own, or a shading of any colour.
    fn highlight(&self, at: &str, written: &str, into: &mut Properties) -> Found<()> {
        if HIGHLIGHTS.contains(&written) {
            into.set("w:highlight", format!("<w:highlight w:val=\"{written}\"/>"));
            return Ok(());
        }
        let fill = self.colour(at, "highlight", written)?;
        let raw = format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>");
        into.set("w:shd", raw);
        Ok(())
    }

    /// A typeface, for one more slot if it is written `slot:name`.
    fn fonts(&self, at: &str, written: &str) -> Found<String> {
        let (slot, font) = match written.split_once(':') {
            Some((slot, font)) => (Some(slot.trim()), font.trim()),
            None => (None, written),
        };
        let slots = ["ascii", "hAnsi", "eastAsia", "cs"];
        if let Some(slot) = slot.filter(|slot| !slots.contains(slot)) {
            let wanted = text!(
                "字体名，或 `eastAsia:字体名`",
                "a typeface, or `eastAsia:` and a typeface"
            );
            return Err(self.wrong(&inside(at, "font"), wanted, &slot.into()));
        }
        let font = escape::escape_attribute(font);
        let set =
            slots.into_iter().filter(|name| *name != "eastAsia" || slot == Some(name));
        let attributes: String =
            set.map(|name| format!(" w:{name}=\"{font}\"")).collect();
        Ok(format!("<w:rFonts{attributes}/>"))
    }

    fn paragraphs(&self, fields: &Map<String, Json>) -> Found<StyledParagraphs> {
        let Some(paragraphs) = fields.get("paragraphs") else {
            return match fields.contains_key("text") {
                true => Ok(StyledParagraphs(vec![self.paragraph(fields, "")?])),
                false => Err(self.missing("paragraphs")),
            };
        };
        self.check("", fields, &["paragraphs"])?;
        let mut all = Vec::new();
        for (index, paragraph) in self.array("paragraphs", paragraphs)?.iter().enumerate()
        {
            let at = format!("paragraphs[{index}]");
            all.push(match paragraph {
                Json::Object(fields) if !fields.contains_key("runs") => {
                    self.paragraph(fields, &at)?
                }
                other => (None, self.text(other, &at)?),
            });
        }
        Ok(StyledParagraphs(all))
    }

    fn paragraph(
        &self,
        fields: &Map<String, Json>,
        at: &str,
    ) -> Found<(Option<String>, StyledText)> {
        self.check(at, fields, &["text", "parastyle"])?;
        let field = inside(at, "text");
        let text = fields.get("text").ok_or_else(|| self.missing(&field))?;
        Ok((self.string(at, fields, "parastyle")?, self.text(text, &field)?))
    }

    /// A `RichText` or any other value as its text.
    fn text(&self, json: &Json, at: &str) -> Found<StyledText> {
        match json {
            Json::Object(fields) => self.styled(fields, at),
            other => Ok(StyledText { runs: vec![plain_run(other)] }),
        }
    }

    /// A `Listing` is a text: line breaks and the like are kept in every text.
    fn listing(&self, fields: &Map<String, Json>) -> Found<Value> {
        self.check("", fields, &["text"])?;
        let text = fields.get("text").ok_or_else(|| self.missing("text"))?;
        Ok(Value::from(plain_run(text).text))
    }

    fn image(&self, fields: &Map<String, Json>) -> Found<Picture> {
        self.check("", fields, &["path", "width_emu", "height_emu", "anchor", "alt"])?;
        let path = self.string("", fields, "path")?;
        Ok(Picture {
            path: path.ok_or_else(|| self.missing("path"))?,
            fits: false,
            width: self.emu(fields, "width_emu")?,
            height: self.emu(fields, "height_emu")?,
            alt: self.string("", fields, "alt")?.unwrap_or_default(),
            link: self.string("", fields, "anchor")?,
        })
    }

    fn document(&self, fields: &Map<String, Json>) -> Found<SubdocumentPath> {
        self.check("", fields, &["path"])?;
        let path = self.string("", fields, "path")?;
        path.map(SubdocumentPath).ok_or_else(|| self.missing("path"))
    }

    fn emu(&self, fields: &Map<String, Json>, name: &str) -> Found<Option<f64>> {
        let Some(value) = fields.get(name).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let wanted = || text!("大于 0 的数（EMU）", "a number above 0, in EMU");
        let emu = number(value).filter(|emu| *emu > 0.0);
        emu.map(Some).ok_or_else(|| self.wrong(name, wanted(), value))
    }
}

/// What was read, or what is wrong with it.
type Found<T> = Result<T, Text>;

/// How many characters of a wrong value a message shows.
const SHOWN: usize = 40;

/// What a run may say about itself.
const RUN_FIELDS: [&str; 15] = [
    "text",
    "style",
    "bold",
    "italic",
    "underline",
    "strike",
    "color",
    "highlight",
    "size",
    "font",
    "superscript",
    "subscript",
    "url",
    "rtl",
    "lang",
];

/// The underlines that docxtpl knows; any other is a single line.
const UNDERLINES: [&str; 8] =
    ["single", "double", "thick", "dotted", "dash", "dotDash", "dotDotDash", "wave"];

/// The highlights that Word knows by name.
const HIGHLIGHTS: [&str; 16] = [
    "black",
    "blue",
    "cyan",
    "green",
    "magenta",
    "red",
    "yellow",
    "white",
    "darkBlue",
    "darkCyan",
    "darkGreen",
    "darkMagenta",
    "darkRed",
    "darkYellow",
    "darkGray",
    "lightGray",
];

/// The name of a field inside another.
fn inside(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// A run without properties: a value as its text.
fn plain_run(json: &Json) -> StyledRun {
    StyledRun {
        text: print::text(&context::value(json)),
        properties: Properties::default(),
        style: None,
        url: None,
    }
}

/// Whether a value is true, as Python sees it.
fn is_true(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}

/// A number, also as text.
fn number(json: &Json) -> Option<f64> {
    let number = match json {
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    number.filter(|number: &f64| number.is_finite())
}
