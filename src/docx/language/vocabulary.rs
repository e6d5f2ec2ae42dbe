//! Our own filters and functions: Chinese numerals, notes, tables and the like.
//!
//! What takes a value can be written as a filter or as a function. Of a value that is
//! not there they make nothing. The same names with the same results are in
//! `templates/vocabulary.typ`; a test compares them.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};
use minijinja::{Environment, Error, Value};

use super::arguments::{Arguments, Given, Signature, is_absent};
use super::charts;
use super::dotted::Dotted;
use super::picture;
use super::print;
use super::rich::RichText;
use super::spread::Spread;
use super::tables;
use crate::data::markdown;
use crate::data::numerals::{self, DateForm};
use crate::docx::render::notes::{Kind, Note};
use crate::text;

/// The names of what can be a filter and a function, for suggestions.
pub(crate) const FILTERS: [&str; 14] = [
    "cn",
    "cn_formal",
    "cn_year",
    "cn_date",
    "ordinal",
    "money",
    "spread",
    "dotted",
    "markdown",
    "table",
    "chart",
    "image",
    "footnote",
    "comment",
];

/// The names of what is a function only, for suggestions.
pub(crate) const FUNCTIONS: [&str; 2] = ["toc", "page_break"];

/// The end of a page.
#[derive(Debug)]
pub(crate) struct PageBreak;

impl Object for PageBreak {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A table of contents.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The levels of the headings in it, from 1.
    pub(crate) levels: RangeInclusive<usize>,
}

impl Object for Contents {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// The widest that a text is spread, in characters.
const WIDEST: usize = 100;

/// The lowest level of a heading that a text stands under.
const LOWEST: usize = 8;

/// Who comments if nobody is named.
const AUTHOR: &str = "huikan";

/// A way to write a number.
type Write = fn(&str) -> Option<String>;

/// Makes the result of a call.
type Make = fn(&Arguments) -> Result<Value, Error>;

/// Gives an environment our filters and functions.
pub(crate) fn add_to(environment: &mut Environment<'static>) {
    let numbers: [(&'static str, Write); 5] = [
        ("cn", numerals::cn),
        ("cn_formal", numerals::cn_formal),
        ("cn_year", numerals::cn_year),
        ("ordinal", numerals::ordinal),
        ("money", numerals::money),
    ];
    for (name, write) in numbers {
        let signature = Signature::new(name, &["number"], 1);
        let numeral = move |given: Given| numeral(&signature.read(given)?, name, write);
        environment.add_filter(name, numeral);
        environment.add_function(name, numeral);
    }
    let calls: [(Signature, Make); 8] = [
        (Signature::new("cn_date", &["date", "form"], 1), date),
        (Signature::new("spread", &["text", "width"], 2), spread),
        (Signature::new("dotted", &["text"], 1), dotted),
        (Signature::new("markdown", &["text", "under"], 1), rich_text),
        (Signature::new("footnote", &["text"], 1), footnote),
        (Signature::new("comment", &["text", "author"], 1), comment),
        (tables::SIGNATURE, tables::table),
        (charts::SIGNATURE, charts::chart),
    ];
    for (signature, make) in calls {
        let call = move |given: Given| make(&signature.read(given)?);
        environment.add_filter(signature.function, call);
        environment.add_function(signature.function, call);
    }
    let image = |given: Given| picture::image(&picture::SIGNATURE.read(given)?);
    environment.add_filter("image", image);
    environment.add_function("image", image);
    let toc = Signature::new("toc", &["levels"], 0);
    environment.add_function("toc", move |given: Given| contents(&toc.read(given)?));
    let page_break = Signature::new("page_break", &[], 0);
    environment.add_function("page_break", move |given: Given| {
        page_break.read(given).map(|_| Value::from_object(PageBreak))
    });
}

fn numeral(arguments: &Arguments, name: &str, write: Write) -> Result<Value, Error> {
    let Some(number) = arguments.given(0) else { return Ok(Value::from("")) };
    let written = print::text(&number);
    let wanted = || {
        text!(
            "`{name}` 写不了 `{written}`：它不是数，或超出了范围",
            "`{name}` cannot write `{written}`: it is no number, or out of range"
        )
    };
    let number = write(&written).ok_or_else(|| arguments.fault(wanted()))?;
    Ok(Value::from(number))
}

/// `cn_date(date)`, and `cn_date(date, "han")` for 二〇二三年三月八日.
fn date(arguments: &Arguments) -> Result<Value, Error> {
    let form = match arguments.text(1)?.as_deref() {
        None | Some("digits") => DateForm::Digits,
        Some("han") => DateForm::Han,
        Some(_) => {
            let wanted = text!(" `digits` 或 `han`", "`digits` or `han`");
            return Err(arguments.wrong(1, wanted));
        }
    };
    let Some(date) = arguments.given(0) else { return Ok(Value::from("")) };
    let wanted = || text!(" `2023-03-08` 这样的日期", "a date such as `2023-03-08`");
    let date = numerals::cn_date(&print::text(&date), form)
        .ok_or_else(|| arguments.wrong(0, wanted()))?;
    Ok(Value::from(date))
}

/// `spread(name, 4)`: as wide as four characters.
fn spread(arguments: &Arguments) -> Result<Value, Error> {
    let wanted = || {
        text!(
            " 1 到 {WIDEST} 的整数（字数）",
            "a whole number of characters, 1 to {WIDEST}"
        )
    };
    let width = i64::try_from(arguments.value(1)).ok();
    let width = width.and_then(|width| usize::try_from(width).ok());
    let width = width
        .filter(|width| (1..=WIDEST).contains(width))
        .ok_or_else(|| arguments.wrong(1, wanted()))?;
    let Some(text) = arguments.given(0) else { return Ok(Value::from("")) };
    let (text, source) = (print::text(&text), text);
    Ok(Value::from_object(Spread { text, source, width }))
}

/// `dotted(text)`: with a dot at each character.
fn dotted(arguments: &Arguments) -> Result<Value, Error> {
    let Some(text) = arguments.given(0) else { return Ok(Value::from("")) };
    let (text, source) = (print::text(&text), text);
    Ok(Value::from_object(Dotted { text, source }))
}

/// `text | markdown`: what the same text is in a field that the schema calls rich;
/// `markdown(text, under=2)`: with its headings below one of level 2.
fn rich_text(arguments: &Arguments) -> Result<Value, Error> {
    let under = under(arguments)?;
    let text = arguments.value(0);
    if let Some(rich) = text.downcast_object_ref::<RichText>() {
        if under == 0 {
            return Ok(text);
        }
        let source = rich.source.clone().or_else(|| Some(text.clone()));
        return Ok(Value::from_object(RichText {
            source,
            ..rich.clone().lowered(under)
        }));
    }
    let Some(text) = arguments.text(0)? else { return Ok(Value::from("")) };
    let rich = RichText::read(&markdown::parse(&text)).unwrap_or_default();
    Ok(Value::from_object(rich.lowered(under)))
}

/// The level of the heading that a text stands under; 0 if it stands under none.
fn under(arguments: &Arguments) -> Result<usize, Error> {
    let Some(level) = arguments.given(1) else { return Ok(0) };
    let level = i64::try_from(level).ok().and_then(|level| usize::try_from(level).ok());
    level.filter(|level| *level <= LOWEST).ok_or_else(|| {
        let wanted = text!(
            " 0 到 {LOWEST} 的整数（级）",
            "a whole number of levels, 0 to {LOWEST}"
        );
        arguments.wrong(1, wanted)
    })
}

/// `footnote(text)`: the text may be rich, or a typed value.
fn footnote(arguments: &Arguments) -> Result<Value, Error> {
    Ok(note(arguments, Kind::Footnote, String::new()))
}

/// `comment(text, author="…")`.
fn comment(arguments: &Arguments) -> Result<Value, Error> {
    let author = arguments.text(1)?.unwrap_or_else(|| AUTHOR.to_owned());
    Ok(note(arguments, Kind::Comment, author))
}

fn note(arguments: &Arguments, kind: Kind, author: String) -> Value {
    match arguments.given(0) {
        Some(content) => Value::from_object(Note { kind, content, author }),
        None => Value::from(""),
    }
}

/// `toc(levels="1-3")`: headings of these levels, or of one alone.
fn contents(arguments: &Arguments) -> Result<Value, Error> {
    let Some(levels) = arguments.given(0) else {
        return Ok(Value::from_object(Contents { levels: 1..=3 }));
    };
    let written = print::text(&levels);
    let level = |text: &str| {
        text.trim().parse().ok().filter(|level: &usize| (1..=9).contains(level))
    };
    let (from, to) = written.split_once('-').unwrap_or((&written, &written));
    match (level(from), level(to)) {
        (Some(from), Some(to)) if from <= to => {
            Ok(Value::from_object(Contents { levels: from..=to }))
        }
        _ => {
            let wanted =
                text!(" `1-3` 这样的级别（1 到 9）", "levels such as `1-3`, from 1 to 9");
            Err(arguments.wrong(0, wanted))
        }
    }
}

/// What a table's cell or a note says, without structure; nothing if it is absent.
pub(crate) fn plain(value: &Value) -> String {
    if is_absent(value) { String::new() } else { print::text(value) }
}
