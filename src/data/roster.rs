//! Rosters: who stands where in a list of people, and what is said beside a name.
//!
//! An array that a schema marks with `"x-huikan": {"roster": {…}}` comes to the
//! templates in its printed order, and each of its rows has a field `_auto` with what
//! was found out about it: see [`resolve`].

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Dataset;
use super::mark::{RESERVED, Reference, reserved, text_at};
use super::names;
use super::namesakes;
use super::strokes::{self, Position, StrokeOrder};
use crate::diag::{Diagnostic, Diagnostics, SLIP, nearest};
use crate::text;

/// The JSON pointer in the dataset of a row that was put in order.
pub fn origin(row: &Map<String, Value>) -> Option<&str> {
    row.get(RESERVED)?.get("at")?.as_str()
}

/// What a mark says of a roster. Fields of a row are named by JSON pointers from
/// the row.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// Where a row has the name.
    pub name: String,
    /// Where it has the sex.
    pub sex: Option<String>,
    /// Where it has the ethnicity.
    pub ethnicity: Option<String>,
    /// What goes without saying: only other sexes and ethnicities are noted.
    #[serde(default = "usual")]
    pub usual: Vec<String>,
    /// Where it has the rank.
    pub rank: Option<String>,
    /// The ranks, highest first.
    #[serde(default)]
    pub ranks: Vec<String>,
    /// Where it has a fixed place, counted from 1.
    pub pin: Option<String>,
    /// What tells people of one name apart, the first that does is used.
    #[serde(default)]
    pub apart: Vec<String>,
    /// The rosters of one `people` are of the same people: nobody is in them
    /// twice, and namesakes are told apart across all of them.
    pub people: Option<String>,
    /// What its people are called where texts count them: 代表.
    #[serde(default)]
    pub called: Vec<String>,
    /// Where the dataset says what they are called: the title of a list such as
    /// 特邀代表名单.
    pub called_from: Option<Reference>,
    /// Where the dataset may say why nobody is in it; then a roster without people
    /// and without a reason is told.
    pub empty: Option<Reference>,
    /// The order.
    #[serde(default)]
    pub order: Order,
    /// The order of those who have one rank.
    #[serde(default)]
    pub then: Order,
    /// Where the dataset may say another order.
    pub order_from: Option<Reference>,
    /// Where the dataset may move characters: `{"㛃": "洁"}` puts the first
    /// directly behind the second.
    pub strokes_from: Option<Reference>,
}

fn usual() -> Vec<String> {
    ["男", "汉族", "汉"].map(str::to_string).to_vec()
}

/// An order of people.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By the strokes of the surname, then of the given name; given names of one
    /// character come first (党代会, 政协).
    #[default]
    #[serde(alias = "姓氏笔画")]
    StrokeSingleFirst,
    /// By the strokes of each character in turn (人大).
    #[serde(alias = "姓名笔画")]
    StrokePlain,
    /// By the sound.
    #[serde(alias = "拼音")]
    Pinyin,
    /// As in the dataset.
    #[serde(alias = "原序")]
    Given,
    /// By rank.
    #[serde(alias = "职务")]
    Rank,
}

impl Order {
    /// What a dataset may write.
    const NAMES: [&str; 5] =
        ["stroke-single-first", "stroke-plain", "pinyin", "given", "rank"];
}

/// A row as it is sorted and told apart.
#[derive(Debug)]
pub(super) struct Person {
    /// The row's JSON pointer in the dataset.
    pub(super) at: String,
    /// The name, without spaces.
    pub(super) name: String,
    /// What could tell this person from a namesake.
    pub(super) apart: Vec<Option<String>>,
    /// The name with what tells this person from a namesake.
    pub(super) label: String,
    /// The place in the list of ranks.
    rank: usize,
    /// The fixed place.
    pin: Option<usize>,
    note: String,
}

/// A roster of a dataset.
pub(super) struct Roster<'r> {
    pub(super) pointer: String,
    pub(super) rules: &'r Rules,
    pub(super) people: Vec<Person>,
}

/// Puts the rosters of a dataset in order and adds to each row, under `_auto`:
/// `note` (`（女，回族）`, or nothing), `label` (the name, and for a namesake what
/// tells the person apart), `width` (of the name, in full-width characters),
/// `widest` (of all names of the roster), `strokes` (of the first character, if
/// known), `number` (the place in the roster, from 1) and `at` (the row's JSON
/// pointer in the dataset).
pub fn resolve(
    dataset: &Dataset,
    marked: &[(String, &Rules)],
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    let mut rosters: Vec<Roster<'_>> = marked
        .iter()
        .filter_map(|(pointer, rules)| read(dataset, pointer, rules, value, faults))
        .collect();
    namesakes::tell_apart(dataset, &mut rosters, faults);
    let orders: Vec<Order> =
        rosters.iter().map(|roster| roster.order(dataset, faults)).collect();
    let strokes = stroke_orders(dataset, &rosters, &orders, faults);
    let mut work: Vec<_> = rosters.iter().zip(orders).zip(strokes).collect();
    // A roster inside of another is found as long as the outer one is unsorted.
    work.sort_by_key(|((roster, _), _)| Reverse(roster.pointer.matches('/').count()));
    for ((roster, order), strokes) in work {
        let sorted = roster.arrange(order, &strokes);
        let sorted = roster.pinned(dataset, sorted, faults);
        roster.write(&sorted, value);
    }
}

fn read<'r>(
    dataset: &Dataset,
    pointer: &str,
    rules: &'r Rules,
    value: &mut Value,
    faults: &mut Diagnostics,
) -> Option<Roster<'r>> {
    let rows = value.pointer_mut(pointer)?.as_array_mut()?;
    let mut spaced = Vec::new();
    let mut people = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter_mut().enumerate() {
        let at = format!("{pointer}/{index}");
        let name_at = format!("{at}{}", rules.name);
        if row.get(RESERVED).is_some() {
            faults.push(reserved(dataset, &at));
        }
        let Some(Value::String(name)) = row.pointer_mut(&rules.name) else {
            people.push(Person::read(rules, row, at, String::new()));
            continue;
        };
        let cleaned = names::without_spaces(name);
        if cleaned != *name {
            spaced.push((name_at.clone(), std::mem::replace(name, cleaned.clone())));
        }
        if let Some(dot) = names::wrong_dot(&cleaned) {
            faults.push(wrong_dot(dataset, &name_at, dot));
        }
        people.push(Person::read(rules, row, at, cleaned));
    }
    faults.extend(spaces(dataset, &spaced));
    faults.extend(nobody(dataset, pointer, rules, people.len()));
    Some(Roster { pointer: pointer.to_string(), rules, people })
}

impl Person {
    fn read(rules: &Rules, row: &Value, at: String, name: String) -> Self {
        let field = |pointer: &Option<String>| text_at(row, pointer.as_deref()?);
        let rank = field(&rules.rank)
            .and_then(|rank| rules.ranks.iter().position(|listed| listed == rank));
        let pin = rules.pin.as_deref().and_then(|pin| row.pointer(pin)?.as_u64());
        let apart = |pointer: &String| text_at(row, pointer).map(str::to_string);
        let said = [field(&rules.sex), field(&rules.ethnicity)];
        Self {
            at,
            label: name.clone(),
            name,
            apart: rules.apart.iter().map(apart).collect(),
            rank: rank.unwrap_or(rules.ranks.len()),
            pin: pin.and_then(|pin| usize::try_from(pin).ok()),
            note: note(said.into_iter().flatten(), &rules.usual),
        }
    }
}

/// What deviates from the usual: `（女，回族）`.
fn note<'a>(said: impl Iterator<Item = &'a str>, usual: &[String]) -> String {
    let deviates = |said: &&str| !usual.iter().any(|usual| usual == said);
    let said: Vec<String> = said.filter(deviates).map(whole_ethnicity).collect();
    match said.is_empty() {
        true => String::new(),
        false => format!("（{}）", said.join("，")),
    }
}

/// The ethnicities, without 族, as forms have them.
const ETHNICITIES: &str = "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 \
    哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 \
    撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 \
    塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺";

fn whole_ethnicity(said: &str) -> String {
    match ETHNICITIES.split_whitespace().any(|short| short == said) {
        true => format!("{said}族"),
        false => said.to_string(),
    }
}

impl Roster<'_> {
    /// The order that the dataset asks for, or the mark's.
    fn order(&self, dataset: &Dataset, faults: &mut Diagnostics) -> Order {
        let reference = self.rules.order_from.as_ref();
        let Some(pointer) =
            reference.and_then(|from| from.pointer(dataset.value(), &self.pointer))
        else {
            return self.rules.order;
        };
        let written = dataset.value().pointer(&pointer).unwrap_or(&Value::Null);
        Order::deserialize(written).unwrap_or_else(|_| {
            // The schema may have said so already.
            if !faults.blames(&pointer) {
                faults.push(unknown_order(dataset, &pointer, written));
            }
            self.rules.order
        })
    }

    /// Whether an order needs to know strokes.
    fn by_strokes(&self, order: Order) -> bool {
        let strokes =
            |order| matches!(order, Order::StrokeSingleFirst | Order::StrokePlain);
        strokes(order) || (order == Order::Rank && strokes(self.rules.then))
    }

    /// The people's indices in an order.
    fn arrange(&self, order: Order, strokes: &StrokeOrder) -> Vec<usize> {
        let mut sorted: Vec<usize> = (0..self.people.len()).collect();
        let name = |index: usize| self.people[index].name.as_str();
        match order {
            Order::Given => {}
            Order::StrokeSingleFirst | Order::StrokePlain => {
                let blank = order == Order::StrokeSingleFirst;
                sorted.sort_by_cached_key(|i| stroke_key(name(*i), strokes, blank));
            }
            Order::Pinyin => sort_by_sound(&mut sorted, name),
            Order::Rank => {
                if self.rules.then != Order::Rank {
                    sorted = self.arrange(self.rules.then, strokes);
                }
                sorted.sort_by_key(|index| self.people[*index].rank);
            }
        }
        // Rows without a name have been told by the schema.
        sorted.sort_by_key(|index| name(*index).is_empty());
        sorted
    }

    /// The same order with everybody at a fixed place who has one.
    fn pinned(
        &self,
        dataset: &Dataset,
        sorted: Vec<usize>,
        faults: &mut Diagnostics,
    ) -> Vec<usize> {
        let mut pins: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, person) in self.people.iter().enumerate() {
            let Some(pin) = person.pin.filter(|pin| *pin > 0) else { continue };
            if let Some(first) = pins.get(&pin) {
                let at = |person: &Person| {
                    let field = self.rules.pin.as_deref().unwrap_or_default();
                    format!("{}{field}", person.at)
                };
                let first = at(&self.people[*first]);
                faults.push(same_pin(dataset, &at(person), &first, pin));
                continue;
            }
            pins.insert(pin, index);
        }
        let mut free = vec![true; self.people.len()];
        pins.values().for_each(|index| free[*index] = false);
        let mut sorted: Vec<usize> =
            sorted.into_iter().filter(|index| free[*index]).collect();
        for (pin, index) in pins {
            sorted.insert((pin - 1).min(sorted.len()), index);
        }
        sorted
    }

    /// Puts the rows in order, with what was found out about each.
    fn write(&self, sorted: &[usize], value: &mut Value) {
        let Some(Value::Array(rows)) = value.pointer_mut(&self.pointer) else { return };
        let widest = self.people.iter().map(|person| names::width(&person.name)).max();
        let mut old = std::mem::take(rows);
        for (number, index) in sorted.iter().enumerate() {
            let person = &self.people[*index];
            let mut row = old[*index].take();
            if let Value::Object(fields) = &mut row {
                let added = json!({
                    "note": person.note,
                    "label": person.label,
                    "width": names::width(&person.name),
                    "widest": widest,
                    "strokes": person.name.chars().next().and_then(strokes::count),
                    "number": number + 1,
                    "at": person.at,
                });
                fields.insert(RESERVED.into(), added);
            }
            rows.push(row);
        }
    }
}

/// The places of a name's characters, with a blank before a given name of one
/// character if it counts. Dots do not count.
fn stroke_key(name: &str, strokes: &StrokeOrder, blank: bool) -> Vec<Position> {
    let is_dot = |c: &char| {
        *c == names::DOT || names::wrong_dot(c.encode_utf8(&mut [0; 4])).is_some()
    };
    let place = |c: char| strokes.position(c);
    let (surname, given) = names::parts(name);
    let mut key: Vec<Position> =
        surname.chars().filter(|c| !is_dot(c)).map(place).collect();
    if blank && given.chars().nth(1).is_none() && !given.is_empty() {
        key.push(Position::BLANK);
    }
    key.extend(given.chars().map(place));
    key
}

fn sort_by_sound<'n>(sorted: &mut [usize], name: impl Fn(usize) -> &'n str) {
    let Some(collator) = strokes::collator(icu_locale_core::locale!("zh-u-co-pinyin"))
    else {
        return;
    };
    let mut read: Vec<(String, usize)> =
        sorted.iter().map(|index| (names::reading(name(*index)), *index)).collect();
    read.sort_by(|(a, _), (b, _)| collator.compare(a, b));
    for (slot, (_, index)) in sorted.iter_mut().zip(read) {
        *slot = index;
    }
}

/// The order of characters for each roster. Rosters that move the same
/// characters have the same order, so that a guess is told once.
fn stroke_orders(
    dataset: &Dataset,
    rosters: &[Roster<'_>],
    orders: &[Order],
    faults: &mut Diagnostics,
) -> Vec<Rc<StrokeOrder>> {
    let sources: Vec<Option<String>> = rosters
        .iter()
        .map(|roster| {
            let from = roster.rules.strokes_from.as_ref()?;
            from.pointer(dataset.value(), &roster.pointer)
        })
        .collect();
    let mut found: BTreeMap<&Option<String>, Rc<StrokeOrder>> = BTreeMap::new();
    for source in &sources {
        if found.contains_key(source) {
            continue;
        }
        let all = rosters.iter().zip(orders).zip(&sources);
        let members: Vec<&Roster<'_>> = all
            .filter(|((roster, order), own)| *own == source && roster.by_strokes(**order))
            .map(|((roster, _), _)| roster)
            .collect();
        let names = members.iter().flat_map(|roster| &roster.people);
        let moved = moved_characters(dataset, source.as_deref(), faults);
        let order = StrokeOrder::of(names.map(|person| person.name.as_str()), &moved);
        tell_guesses(dataset, &members, &order, faults);
        found.insert(source, Rc::new(order));
    }
    sources.iter().filter_map(|source| found.get(source).cloned()).collect()
}

/// Tells each guess at the first name that has the character.
fn tell_guesses(
    dataset: &Dataset,
    rosters: &[&Roster<'_>],
    order: &StrokeOrder,
    faults: &mut Diagnostics,
) {
    let mut found: BTreeMap<char, String> = BTreeMap::new();
    for roster in rosters {
        for person in &roster.people {
            for c in person.name.chars().filter(|c| !StrokeOrder::lists(*c)) {
                let at = || format!("{}{}", person.at, roster.rules.name);
                found.entry(c).or_insert_with(at);
            }
        }
    }
    for guess in order.guesses() {
        let at = found.remove(&guess.character).unwrap_or_default();
        faults.push(guessed(dataset, &at, *guess));
    }
}

/// The characters that a dataset moves, with the ones they stand behind.
fn moved_characters(
    dataset: &Dataset,
    source: Option<&str>,
    faults: &mut Diagnostics,
) -> Vec<(char, char)> {
    let Some(source) = source else { return Vec::new() };
    let written = dataset.value().pointer(source).and_then(Value::as_object);
    let mut moved = Vec::new();
    for (key, behind) in written.into_iter().flatten() {
        let single = |text: &str| {
            let mut characters = text.chars();
            characters.next().filter(|_| characters.next().is_none())
        };
        let listed = |c: &char| StrokeOrder::lists(*c);
        match (single(key), behind.as_str().and_then(single).filter(listed)) {
            (Some(c), Some(behind)) => moved.push((c, behind)),
            _ => faults.push(bad_move(dataset, &super::json::pointer_join(source, key))),
        }
    }
    moved
}

/// One warning for all names of a roster: office lists have them by the hundred.
fn spaces(dataset: &Dataset, spaced: &[(String, String)]) -> Option<Diagnostic> {
    let (first, _) = spaced.first()?;
    let count = spaced.len();
    let mut list: Vec<String> =
        spaced.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    if count > list.len() {
        list.push("…".into());
    }
    let (zh, en) = (list.join("、"), list.join(", "));
    let fault = Diagnostic::warning(
        "data/name-spaces",
        text!(
            "{count} 个姓名里有空格（{zh}），已经去掉",
            "names with spaces inside, which were taken out: {count} ({en})"
        ),
    );
    Some(fault.at(dataset.place(first)).hint(text!(
        "姓名照实写，两个字的姓名由模板排成三个字宽",
        "write names without spaces: templates spread those of two characters"
    )))
}

/// The fault of a roster without people that does not say why.
fn nobody(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
    people: usize,
) -> Option<Diagnostic> {
    let reason = rules.empty.as_ref().filter(|_| people == 0)?;
    let mut reasons = reason.pointers(dataset.value(), pointer).into_iter();
    if reasons.any(|at| text_at(dataset.value(), &at).is_some()) {
        return None;
    }
    let fault = Diagnostic::warning(
        "data/empty-roster",
        text!("名单里没有人", "nobody is in the roster"),
    );
    Some(fault.at(dataset.place(pointer)).hint(text!(
        "补上名单，删去这一组，或写一句说明（如“代表待补选”）",
        "add people, delete the group, or say why in its note"
    )))
}

fn wrong_dot(dataset: &Dataset, pointer: &str, dot: char) -> Diagnostic {
    let code = dot as u32;
    Diagnostic::warning(
        "data/name-dot",
        text!(
            "姓名里的间隔号写成了 `{dot}`（U+{code:04X}）",
            "the dot in the name is `{dot}` (U+{code:04X})"
        ),
    )
    .at(dataset.place(pointer))
    .hint(text!("写成 `·`（U+00B7）", "write `·` (U+00B7)"))
}

fn unknown_order(dataset: &Dataset, pointer: &str, written: &Value) -> Diagnostic {
    let options = Order::NAMES.join("、");
    let fault = Diagnostic::error(
        "data/not-an-option",
        text!("没有 {written} 这种排序", "no order {written}"),
    )
    .at(dataset.place(pointer));
    let word = written.as_str().unwrap_or_default();
    match nearest(word, Order::NAMES, SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault.hint(text!("可选：{options}", "options: {options}")),
    }
}

fn same_pin(dataset: &Dataset, pointer: &str, first: &str, pin: usize) -> Diagnostic {
    Diagnostic::warning(
        "data/same-pin",
        text!(
            "第 {pin} 位已经固定给了另一个人，这一位按顺序排",
            "place {pin} is another person's already: this one is put in order"
        ),
    )
    .at(dataset.place(pointer))
    .note(text!("前一个在 {first}", "the other is at {first}"))
}

fn guessed(dataset: &Dataset, pointer: &str, guess: strokes::Guess) -> Diagnostic {
    let c = guess.character;
    let code = c as u32;
    let (zh, en) = match guess.behind {
        Some(behind) => (format!(" `{behind}` 之后"), format!("behind `{behind}`")),
        None => ("最前".to_string(), "first".to_string()),
    };
    Diagnostic::warning(
        "data/unlisted-character",
        text!(
            "`{c}`（U+{code:04X}）不在《通用规范汉字表》里，笔画顺序是估计的：排在{zh}",
            "`{c}` (U+{code:04X}) is not in the standard's list: its place in the order of strokes is a guess, {en}"
        ),
    )
    .at(dataset.place(pointer))
    .hint(text!(
        "查一下有没有写错；要排在别处，在数据里指定它跟在哪个字后面",
        "check the character; to put it elsewhere, let the dataset name the character that it stands behind"
    ))
}

fn bad_move(dataset: &Dataset, pointer: &str) -> Diagnostic {
    Diagnostic::error(
        "data/stroke-override",
        text!(
            "笔画顺序的调整应是一个字跟在一个规范汉字后面",
            "a change of the order of strokes is one character and the listed one that it stands behind"
        ),
    )
    .at(dataset.key_place(pointer))
    .hint(text!("写成 `\"㛃\": \"洁\"`", "write `\"㛃\": \"洁\"`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "丁一 马明 王芳 王小明 田七 白云 刘备 孙权 李白 吴承恩 何琳 张三 陈独秀 \
        欧阳修 赵云 徐霞客 诸葛亮 魏征";

    fn sorted(names: &str, order: &str) -> String {
        let rows: Vec<Value> =
            names.split_whitespace().map(|name| json!({"n": name})).collect();
        let rules = json!({"name": "/n", "order": order});
        let (value, _) = resolved(&json!({"people": rows}), &rules);
        let rows = value["people"].as_array().expect("rows");
        let names: Vec<&str> =
            rows.iter().map(|row| row["n"].as_str().expect("a name")).collect();
        names.join(" ")
    }

    fn resolved(data: &Value, rules: &Value) -> (Value, Vec<String>) {
        let mut faults = Diagnostics::new();
        let bytes = data.to_string().into_bytes();
        let dataset = Dataset::read("t.json", &bytes, &mut faults).expect("JSON");
        let rules = Rules::deserialize(rules).expect("rules");
        let mut value = dataset.value().clone();
        resolve(&dataset, &[("/people".into(), &rules)], &mut value, &mut faults);
        let said = faults.into_vec().into_iter();
        (
            value,
            said.map(|fault| format!("{}: {}", fault.code, fault.message.en)).collect(),
        )
    }

    fn reversed(names: &str) -> String {
        let mut names: Vec<&str> = names.split_whitespace().collect();
        names.reverse();
        names.join(" ")
    }

    #[test]
    fn single_given_names_come_first_at_party_congresses() {
        assert_eq!(
            sorted(&reversed(LIST), "stroke-single-first"),
            LIST.replace("  ", " ")
        );
        assert_eq!(sorted("欧阳小明 欧阳修", "stroke-single-first"), "欧阳修 欧阳小明");
        assert_eq!(sorted("田大利 田富", "stroke-single-first"), "田富 田大利");
    }

    #[test]
    fn second_characters_are_compared_plainly_at_people_s_congresses() {
        let plain = LIST.replace("王芳 王小明", "王小明 王芳");
        assert_eq!(sorted(&reversed(LIST), "stroke-plain"), plain);
        assert_eq!(sorted("田富 田大利", "stroke-plain"), "田大利 田富");
    }

    #[test]
    fn the_commonest_surnames_are_in_the_order_of_the_standard() {
        const SURNAMES: &str = "丁于万马王毛文方尹孔邓石龙卢叶田史白冯吕朱乔任刘江汤许孙苏杜\
            李杨吴邱何余邹汪沈宋张陆陈邵武范林易罗金周郑孟赵郝胡钟段侯姜姚贺秦袁贾夏顾钱徐\
            高郭唐黄萧曹龚常崔康阎梁彭董蒋韩程傅曾谢赖雷蔡廖谭熊黎潘薛戴魏";
        let names: Vec<String> = SURNAMES.chars().map(|c| format!("{c}明")).collect();
        let names = names.join(" ");
        for order in ["stroke-single-first", "stroke-plain"] {
            assert_eq!(sorted(&reversed(&names), order), names);
        }
    }

    #[test]
    fn surnames_are_read_as_surnames() {
        assert_eq!(
            sorted("单田芳 曾国藩 丹青 张三 仇英 阿宝 解缙 谢安", "pinyin"),
            "阿宝 丹青 仇英 单田芳 谢安 解缙 曾国藩 张三"
        );
    }

    #[test]
    fn ranks_come_before_strokes() {
        let data = json!({"people": [
            {"n": "丁一", "r": "团员"}, {"n": "王芳", "r": "副团长"}, {"n": "马明", "r": "副团长"},
            {"n": "魏征", "r": "团长"},
        ]});
        let rules = json!({
            "name": "/n", "rank": "/r", "ranks": ["团长", "副团长"], "order": "rank",
        });
        let (value, _) = resolved(&data, &rules);
        let names: Vec<&Value> = value["people"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| &row["n"])
            .collect();
        assert_eq!(names, ["魏征", "马明", "王芳", "丁一"]);
        assert_eq!(value["people"][0]["_auto"]["at"], "/people/3");
    }

    #[test]
    fn pins_fix_places() {
        let data = json!({"people": [
            {"n": "丁一"}, {"n": "魏征", "p": 1}, {"n": "马明"}, {"n": "王芳", "p": 1}, {"n": "田七", "p": 9},
        ]});
        let (value, said) = resolved(&data, &json!({"name": "/n", "pin": "/p"}));
        let names: Vec<&Value> = value["people"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| &row["n"])
            .collect();
        assert_eq!(names, ["魏征", "丁一", "马明", "王芳", "田七"]);
        assert_eq!(said.len(), 1, "{said:?}");
    }

    #[test]
    fn five_thousand_people_are_quick_and_nobody_is_lost() {
        let letters: Vec<char> =
            "丁于万马王毛文方尹孔邓石龙卢叶田史白冯吕".chars().collect();
        let name = |i: usize| -> String {
            [letters[i % 20], letters[i / 20 % 20], letters[i / 400 % 20]]
                .iter()
                .collect()
        };
        let rows: Vec<Value> =
            (0..5000).map(|i| json!({"n": name(i), "u": i.to_string()})).collect();
        let (value, said) =
            resolved(&json!({"people": rows}), &json!({"name": "/n", "apart": ["/u"]}));
        assert_eq!(said, [""; 0]);
        assert_eq!(value["people"].as_array().map(Vec::len), Some(5000));
    }
}
