//! One figure: its number, its history, and the forms in which it is printed.

use serde_json::{Map, Value};

use super::charts::Part;
use super::decimal::Decimal;
use super::figures::Rules;
use super::{Dataset, numerals};
use crate::diag::{Diagnostic, SLIP, nearest};
use crate::text;

/// A figure as its author wrote it.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    value: String,
    unit: String,
    label: String,
    last: Option<String>,
    target: Option<String>,
    /// When, and how many then.
    history: Vec<(String, String)>,
}

/// The forms, as a message lists them.
const FORMS: &[&str] = &[
    "value",
    "unit",
    "label",
    "cn",
    "cn-value",
    "money",
    "last",
    "target",
    "+last",
    "+last%",
    "+target",
    "+target%",
    "by-last",
    "by-last%",
    "by-target",
    "by-target%",
    "of-last",
    "of-target",
];

/// How many places a percentage has unless a form says so.
const PLACES: u32 = 1;

/// The name of an earlier number.
#[derive(Debug, Copy, Clone)]
enum Earlier {
    Last,
    Target,
}

/// How a change is put.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Manner {
    /// `+3家`.
    Signed,
    /// 增加3家.
    Words,
    /// 3家.
    Size,
}

impl Figure {
    /// The figure at a pointer; nothing if it has no number.
    pub(super) fn read(dataset: &Dataset, at: &str, rules: &Rules) -> Option<Self> {
        let written = |field: &str| -> Option<String> {
            let pointer = format!("{at}{field}");
            match dataset.value().pointer(&pointer)? {
                Value::String(words) => Some(words.clone()),
                Value::Number(_) => dataset.written(&pointer).map(str::to_string),
                _ => None,
            }
        };
        let field = |field: &Option<String>| written(field.as_deref()?);
        let history = rules.history.as_ref().map(|history| {
            let pointer = format!("{at}{}", history.at);
            let items = dataset.value().pointer(&pointer).and_then(Value::as_array);
            let entry = |index| {
                let item = format!("{}/{index}", history.at);
                let label = written(&format!("{item}{}", history.label))?;
                Some((label, written(&format!("{item}{}", history.value))?))
            };
            (0..items.map_or(0, Vec::len)).filter_map(entry).collect()
        });
        Some(Self {
            history: history.unwrap_or_default(),
            value: written(&rules.value)?,
            unit: field(&rules.unit).unwrap_or_default(),
            label: field(&rules.label).unwrap_or_default(),
            last: field(&rules.last),
            target: field(&rules.target),
        })
    }

    /// Its unit, or nothing.
    pub(super) fn unit(&self) -> &str {
        &self.unit
    }

    /// What it counts, or nothing.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// One of its numbers.
    pub(super) fn number(&self, part: Part) -> Option<&str> {
        match part {
            Part::Last => self.last.as_deref(),
            Part::Value => Some(&self.value),
            Part::Target => self.target.as_deref(),
            Part::History => None,
        }
    }

    /// Its numbers over time.
    pub(super) fn history(&self) -> &[(String, String)] {
        &self.history
    }

    /// Whether it has such numbers.
    pub(super) fn has(&self, part: Part) -> bool {
        self.number(part).is_some() || (part == Part::History && !self.history.is_empty())
    }

    /// The figure with an older one as that of the last term; nothing if they are not
    /// of one unit.
    pub(super) fn compared_with(&self, old: &Self) -> Option<Self> {
        let last = Some(old.value.clone());
        (self.unit == old.unit).then(|| Self { last, ..self.clone() })
    }

    /// The forms that templates may want.
    pub(super) fn forms(&self) -> Map<String, Value> {
        let named = [
            ("text", None),
            ("cn", Some("cn")),
            ("last", Some("last")),
            ("last_change", Some("+last")),
            ("last_percent", Some("+last%")),
            ("target", Some("target")),
            ("target_change", Some("+target")),
            ("target_reached", Some("of-target")),
        ];
        let printed = |(name, form): (&str, Option<&str>)| {
            Some((name.to_string(), Value::from(self.print(form).ok()?)))
        };
        named.into_iter().filter_map(printed).collect()
    }

    /// The figure in a form.
    pub(super) fn print(&self, form: Option<&str>) -> Result<String, Diagnostic> {
        let Self { value, unit, label, .. } = self;
        match form {
            None => Ok(format!("{value}{unit}")),
            Some("value") => Ok(value.clone()),
            Some("unit") => Ok(unit.clone()),
            Some("label") => Ok(label.clone()),
            Some("cn") => Ok(self.in_chinese()? + unit),
            Some("cn-value") => self.in_chinese(),
            Some("money") => self.in_money(),
            Some("last") => Ok(format!("{}{unit}", self.earlier(Earlier::Last)?)),
            Some("target") => Ok(format!("{}{unit}", self.earlier(Earlier::Target)?)),
            Some(form) => self.compared(form),
        }
    }

    fn in_chinese(&self) -> Result<String, Diagnostic> {
        numerals::cn(&self.value).ok_or_else(|| no_number(&self.value))
    }

    /// An amount in the characters of cheques; units such as 万元 are counted out.
    fn in_money(&self) -> Result<String, Diagnostic> {
        let power = match self.unit.strip_suffix('元') {
            Some("") => 0,
            Some("千") => 3,
            Some("万") => 4,
            Some("百万") => 6,
            Some("亿") => 8,
            _ => return Err(no_money(&self.unit)),
        };
        let amount = number(&self.value)?.shifted(power);
        numerals::money(&amount.to_string()).ok_or_else(|| no_number(&self.value))
    }

    fn earlier(&self, earlier: Earlier) -> Result<&str, Diagnostic> {
        let found = match earlier {
            Earlier::Last => &self.last,
            Earlier::Target => &self.target,
        };
        found.as_deref().ok_or_else(|| no_history(earlier))
    }

    /// A form that compares with an earlier number.
    fn compared(&self, form: &str) -> Result<String, Diagnostic> {
        let (name, places) = match form.split_once('%') {
            Some((name, places)) => (name, Some(read_places(places, form)?)),
            None => (form, None),
        };
        let kinds =
            [("+", Manner::Signed), ("by-", Manner::Words), ("diff-", Manner::Size)];
        let change = kinds
            .iter()
            .find_map(|(prefix, manner)| Some((*manner, name.strip_prefix(prefix)?)));
        let (manner, earlier) = match (change, name.strip_prefix("of-")) {
            (Some((manner, earlier)), _) => (Some(manner), earlier),
            (None, Some(earlier)) => (None, earlier),
            (None, None) => return Err(no_form(form)),
        };
        let earlier = match earlier {
            "last" => Earlier::Last,
            "target" => Earlier::Target,
            _ => return Err(no_form(form)),
        };
        let (now, then) = (number(&self.value)?, number(self.earlier(earlier)?)?);
        let ratio = |part: Decimal, places: Option<Option<u32>>| {
            let places = places.flatten();
            let ratio = part.percent_of(then.abs(), places.unwrap_or(PLACES));
            let ratio = ratio.ok_or_else(from_nothing)?;
            Ok(if places.is_some() { ratio } else { ratio.trimmed() })
        };
        match manner {
            None => Ok(format!("{}%", ratio(now, places)?)),
            Some(manner) if places.is_some() => {
                let words = ["增长", "下降"];
                Ok(put(ratio(now.minus(then), places)?, "%", manner, words))
            }
            Some(manner) => {
                let (unit, words) = self.difference();
                Ok(put(now.minus(then), unit, manner, words))
            }
        }
    }

    /// The unit of a difference and the words for it. Percentages differ by
    /// percentage points.
    fn difference(&self) -> (&str, [&'static str; 2]) {
        match self.unit.as_str() {
            "%" | "％" => ("个百分点", ["提高", "降低"]),
            unit => (unit, ["增加", "减少"]),
        }
    }
}

/// The places after `%`: none said, or `.2`.
fn read_places(written: &str, form: &str) -> Result<Option<u32>, Diagnostic> {
    if written.is_empty() {
        return Ok(None);
    }
    let places = written.strip_prefix('.').and_then(|places| places.parse().ok());
    places.filter(|places| *places <= 6).map(Some).ok_or_else(|| no_form(form))
}

/// A change, signed or in words.
fn put(change: Decimal, unit: &str, manner: Manner, words: [&str; 2]) -> String {
    let size = change.abs();
    match (manner, change.is_zero(), change.is_negative()) {
        (Manner::Words, true, _) => "持平".into(),
        (Manner::Words, _, false) => format!("{}{size}{unit}", words[0]),
        (Manner::Words, _, true) => format!("{}{size}{unit}", words[1]),
        (Manner::Signed, true, _) => format!("{}{unit}", size.trimmed()),
        (Manner::Size, ..) => format!("{size}{unit}"),
        (Manner::Signed, _, false) => format!("+{size}{unit}"),
        (Manner::Signed, _, true) => format!("-{size}{unit}"),
    }
}

fn number(written: &str) -> Result<Decimal, Diagnostic> {
    Decimal::read(written).ok_or_else(|| no_number(written))
}

fn no_number(written: &str) -> Diagnostic {
    Diagnostic::error(
        "data/figure-number",
        text!(
            "`{written}` 不是纯数字，这种写法用不了",
            "`{written}` is no plain number, which this form needs"
        ),
    )
    .hint(text!(
        "数值里只写数字，“约”“余”写在正文里，单位另写",
        "write digits only in the value; words and units go elsewhere"
    ))
}

fn no_money(unit: &str) -> Diagnostic {
    Diagnostic::error(
        "data/figure-number",
        text!(
            "单位 `{unit}` 不是元，写不成大写金额",
            "the unit `{unit}` is not yuan, so this is no amount"
        ),
    )
    .hint(text!(
        "`money` 用于元、千元、万元、百万元、亿元",
        "`money` is for 元, 千元, 万元, 百万元 and 亿元"
    ))
}

fn no_history(earlier: Earlier) -> Diagnostic {
    let (zh, en) = match earlier {
        Earlier::Last => ("上届的数", "number of the last term"),
        Earlier::Target => ("目标数", "target"),
    };
    Diagnostic::error(
        "data/figure-history",
        text!("这个数字没有写{zh}", "the figure has no {en}"),
    )
    .hint(text!(
        "在数字里补上，或换一种写法",
        "add it to the figure, or use another form"
    ))
}

fn from_nothing() -> Diagnostic {
    Diagnostic::error(
        "data/figure-history",
        text!("从前是 0，算不出百分比", "there is no percentage of 0"),
    )
    .hint(text!("去掉 `%`，写增减的数量", "drop the `%` to give the difference"))
}

fn no_form(form: &str) -> Diagnostic {
    let list = FORMS.join("、");
    let fault = Diagnostic::error(
        "data/figure-form",
        text!("没有 `{form}` 这种写法", "no form `{form}`"),
    );
    let fault = match nearest(form, FORMS.iter().copied(), SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault,
    };
    fault.hint(text!("可选：{list}", "forms: {list}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: &str, unit: &str, last: &str, target: &str) -> Figure {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Figure {
            value: value.into(),
            unit: unit.into(),
            label: "站".into(),
            last: some(last),
            target: some(target),
            history: Vec::new(),
        }
    }

    fn print(figure: &Figure, form: &str) -> String {
        match figure.print(Some(form).filter(|form| !form.is_empty())) {
            Ok(printed) => printed,
            Err(fault) => fault.code.to_string(),
        }
    }

    #[test]
    fn forms() {
        let stations = figure("12", "家", "9", "10");
        for (form, printed) in [
            ("", "12家"),
            ("value", "12"),
            ("unit", "家"),
            ("label", "站"),
            ("cn", "十二家"),
            ("cn-value", "十二"),
            ("last", "9家"),
            ("+last", "+3家"),
            ("+last%", "+33.3%"),
            ("+last%.2", "+33.33%"),
            ("by-last", "增加3家"),
            ("diff-last", "3家"),
            ("by-last%", "增长33.3%"),
            ("+target%", "+20%"),
            ("+target%.1", "+20.0%"),
            ("of-target", "120%"),
            ("money", "data/figure-number"),
            ("last%", "data/figure-form"),
            ("+lst", "data/figure-form"),
            ("+last%.9", "data/figure-form"),
        ] {
            assert_eq!(print(&stations, form), printed, "{form}");
        }
    }

    #[test]
    fn fewer_none_and_unknown() {
        let rate = figure("17.20", "%", "19.3", "");
        assert_eq!(print(&rate, ""), "17.20%");
        assert_eq!(print(&rate, "+last"), "-2.10个百分点");
        assert_eq!(print(&rate, "by-last"), "降低2.10个百分点");
        assert_eq!(print(&rate, "by-last%"), "下降10.9%");
        assert_eq!(print(&rate, "of-target"), "data/figure-history");
        assert_eq!(print(&figure("3", "场", "3", ""), "by-last"), "持平");
        assert_eq!(print(&figure("3", "场", "0", ""), "+last%"), "data/figure-history");
        assert_eq!(print(&figure("约300", "场", "3", ""), "cn"), "data/figure-number");
        assert_eq!(print(&figure("1.05", "万元", "", ""), "money"), "壹万零伍佰元整");
    }
}
