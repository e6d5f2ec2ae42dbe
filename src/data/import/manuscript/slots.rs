//! Where a dataset has room for the parts of a text, as its schema tells.
//!
//! The mark `"x-huikan-import"` on a property says what belongs there. A schema without
//! any such mark is read by the types and names of its properties: plain strings are
//! titles, Markdown is running text, a list of objects that have both is one of sections.

use serde_json::Value;

use super::outline::{Role, Wants};
use crate::data::import::shape::{deref, fields};
use crate::data::json::pointer_join;

/// The mark.
const MARK: &str = "x-huikan-import";
/// Lists in lists are followed so far.
const DEEPEST: usize = 6;
/// Objects in objects are looked into so far.
const NESTED: usize = 2;

/// A place for a part of a text.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) role: Role,
    /// From the object around it.
    pub(super) pointer: String,
    /// What becomes of the text there.
    pub(super) form: Form,
    /// The places in the objects of a list.
    pub(super) items: Option<Slots>,
}

/// What a value is.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Form {
    /// A plain string.
    Line,
    /// Markdown.
    Rich,
    /// A list of plain strings.
    Lines,
    /// A list of Markdown strings.
    Riches,
    /// A list of objects.
    Objects,
}

/// The places of one kind of object.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    pub(super) slots: Vec<Slot>,
}

impl Slots {
    /// The places of a schema's datasets.
    pub fn of_schema(schema: &Value) -> Self {
        let root = deref(schema, schema);
        let marked = is_marked(schema, root, 0);
        let reader = Reader { schema };
        let mut slots = reader.object(root, "", marked, true, 0, 0);
        if !marked {
            settle(&mut slots, true);
        }
        Self { slots }
    }

    /// What of an outline has a place of its own.
    pub fn wants(&self) -> Wants {
        Wants {
            closing: self.find(Role::Closing).is_some()
                && self.find(Role::Sections).is_some(),
            signature: self.find(Role::Signature).is_some()
                && self.find(Role::SignedDate).is_some(),
        }
    }

    pub(super) fn find(&self, role: Role) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.role == role)
    }

    /// Whether there is room for any text.
    pub(super) fn takes_text(&self) -> bool {
        let text = |slot: &Slot| match slot.role {
            Role::Lead | Role::Body | Role::Closing => true,
            Role::Sections => slot.items.as_ref().is_some_and(Self::takes_text),
            _ => false,
        };
        self.slots.iter().any(text)
    }
}

struct Reader<'s> {
    schema: &'s Value,
}

impl Reader<'_> {
    fn object(
        &self,
        object: &Value,
        pointer: &str,
        marked: bool,
        root: bool,
        depth: usize,
        nested: usize,
    ) -> Vec<Slot> {
        let mut slots = Vec::new();
        for (key, field) in fields(object) {
            let target = deref(self.schema, field);
            let at = pointer_join(pointer, key);
            let mark =
                field.get(MARK).or_else(|| target.get(MARK)).and_then(Value::as_str);
            let role = mark.and_then(Role::named);
            let title = field.get("title").or_else(|| target.get("title"));
            let name = title.and_then(Value::as_str).unwrap_or_default();
            let passed_over = marked && role.is_none();
            if is_object(target) && (passed_over || !is(target, "array")) {
                if nested < NESTED {
                    let nested = nested + 1;
                    slots.extend(self.object(target, &at, marked, root, depth, nested));
                }
                continue;
            }
            if passed_over {
                continue;
            }
            let guess = || guess(key, name, root);
            if is(target, "array") {
                slots.extend(self.list(target, at, role, guess(), marked, depth));
            } else if is(target, "string") && (role.is_some() || is_free(target)) {
                let form = if is_rich(target) { Form::Rich } else { Form::Line };
                let role = role.unwrap_or(match (form, guess()) {
                    (Form::Rich, Some(Role::Lead | Role::Closing)) => {
                        guess().unwrap_or(Role::Body)
                    }
                    (Form::Rich, _) => Role::Body,
                    (_, Some(role)) => role,
                    (_, None) => Role::Other,
                });
                slots.push(Slot { role, pointer: at, form, items: None });
            }
        }
        slots
    }

    fn list(
        &self,
        list: &Value,
        pointer: String,
        role: Option<Role>,
        guess: Option<Role>,
        marked: bool,
        depth: usize,
    ) -> Option<Slot> {
        let items = deref(self.schema, list.get("items")?);
        if is(items, "string") {
            let form = if is_rich(items) { Form::Riches } else { Form::Lines };
            let body =
                is_free(items) && (guess == Some(Role::Body) || form == Form::Riches);
            let role = role.or_else(|| body.then_some(Role::Body))?;
            return Some(Slot { role, pointer, form, items: None });
        }
        if !is_object(items) || depth >= DEEPEST {
            return None;
        }
        let pictured =
            fields(items).any(|(_, field)| is_picture(deref(self.schema, field)));
        if role == Some(Role::Pictures) || role.is_none() && pictured {
            let slots = self.picture(items);
            let items = Some(Slots { slots });
            return Some(Slot {
                role: Role::Pictures,
                pointer,
                form: Form::Objects,
                items,
            });
        }
        let inner = marked && is_marked(self.schema, items, 0);
        let mut slots = self.object(items, "", inner, false, depth + 1, 0);
        if !inner {
            settle(&mut slots, false);
        }
        let items = Slots { slots };
        let headed = items.find(Role::Heading).is_some();
        let fits = role.is_some() || headed && items.takes_text();
        let role = role.unwrap_or(Role::Sections);
        fits.then_some(Slot { role, pointer, form: Form::Objects, items: Some(items) })
    }

    /// The places of a picture: its file, and its caption.
    fn picture(&self, items: &Value) -> Vec<Slot> {
        let mut slots = Vec::new();
        for (key, field) in fields(items) {
            let target = deref(self.schema, field);
            let role = match () {
                () if is_picture(target) => Role::Pictures,
                () if ["caption", "title", "图题", "说明"].contains(&key.as_str()) => {
                    Role::Heading
                }
                () => continue,
            };
            let pointer = pointer_join("", key);
            slots.push(Slot { role, pointer, form: Form::Line, items: None });
        }
        slots
    }
}

/// Gives each role of a schema without marks to one place, the best.
fn settle(slots: &mut Vec<Slot>, root: bool) {
    let titled = if root { Role::Title } else { Role::Heading };
    if !slots.iter().any(|slot| slot.role == titled)
        && let Some(first) = slots
            .iter_mut()
            .find(|slot| slot.role == Role::Other && slot.form == Form::Line)
    {
        first.role = titled;
    }
    // Of several lists, the one whose objects hold most is that of the sections.
    let weight = |slot: &Slot| slot.items.as_ref().map_or(0, |items| items.slots.len());
    let lists = slots.iter().enumerate().filter(|(_, slot)| slot.role == Role::Sections);
    let best = lists.max_by_key(|(index, slot)| (weight(slot), usize::MAX - index));
    let best = best.map(|(index, _)| index);
    if let Some(best) = best.filter(|_| root) {
        // Running text before the sections leads to them, behind them it closes.
        for (index, slot) in slots.iter_mut().enumerate() {
            if slot.role == Role::Body && matches!(slot.form, Form::Rich | Form::Riches) {
                slot.role = if index < best { Role::Lead } else { Role::Closing };
            }
        }
    }
    let mut seen = Vec::new();
    let mut index = 0;
    slots.retain(|slot| {
        let kept = match slot.role {
            Role::Other => false,
            Role::Sections => Some(index) == best,
            Role::Pictures => true,
            role => !seen.contains(&role),
        };
        seen.push(slot.role);
        index += 1;
        kept
    });
}

/// What the name of a property suggests.
fn guess(key: &str, title: &str, root: bool) -> Option<Role> {
    let words = [key.to_lowercase(), title.to_lowercase()];
    let is = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let has = |list: &[&str]| {
        words.iter().any(|word| list.iter().any(|part| word.contains(part)))
    };
    Some(if has(&["subtitle", "副题", "副标题"]) {
        Role::Subtitle
    } else if is(&["label", "number", "no", "序号", "编号", "序号标签"]) {
        Role::Label
    } else if is(&[
        "title",
        "heading",
        "headline",
        "name",
        "标题",
        "题目",
        "名称",
        "小标题",
        "主标题",
    ]) {
        if root { Role::Title } else { Role::Heading }
    } else if has(&["closing", "conclusion", "ending", "结语", "结束语", "结尾"]) {
        Role::Closing
    } else if has(&["lead", "intro", "preface", "导语", "引言", "前言", "导言"]) {
        Role::Lead
    } else if is(&[
        "paragraphs",
        "body",
        "text",
        "content",
        "正文",
        "内容",
        "段落",
        "各段",
    ]) {
        Role::Body
    } else if is(&["speaker", "author", "报告人", "作者", "主讲人"]) {
        Role::Speaker
    } else if is(&["date", "日期", "时间"]) {
        Role::Date
    } else if is(&["salutation", "称呼"]) {
        Role::Salutation
    } else if is(&["event", "会议", "大会", "会议名称"]) {
        Role::Event
    } else {
        return None;
    })
}

fn is(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|other| other == kind),
        Some(other) => other == kind,
        None => false,
    }
}

fn is_object(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

fn is_rich(schema: &Value) -> bool {
    schema.get("contentMediaType").is_some_and(|kind| kind == "text/markdown")
}

fn is_picture(schema: &Value) -> bool {
    schema.get("x-huikan").is_some_and(|mark| mark == "image")
}

/// Whether a string may say anything.
fn is_free(schema: &Value) -> bool {
    ["format", "pattern", "enum", "const", "x-huikan"]
        .iter()
        .all(|key| schema.get(key).is_none())
}

/// Whether a schema says itself what belongs where.
fn is_marked(schema: &Value, object: &Value, nested: usize) -> bool {
    fields(object).any(|(_, field)| {
        let target = deref(schema, field);
        let own = field.get(MARK).or_else(|| target.get(MARK)).is_some();
        own || nested < NESTED
            && is_object(target)
            && is_marked(schema, target, nested + 1)
    })
}
