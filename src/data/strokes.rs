//! The order of characters by strokes.
//!
//! The order is that of GF 3003-1999 for the 8,105 characters of
//! 通用规范汉字表: the number of strokes, then their sequence (横竖撇点折), then
//! the place in the table. Unicode's stroke collation is another order (it counts
//! 艹 as four strokes); it only says behind which listed character one that is not
//! listed comes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use icu_collator::CollatorBorrowed;
use icu_collator::options::CollatorOptions;
use icu_locale_core::Locale;

use super::names::is_han;

/// The characters in order, a line for each number of strokes.
const LISTED: &str = include_str!("stroke-order.txt");

/// The place of a character in the order.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub struct Position {
    /// The place of the listed character that it is or stands behind, from 1.
    listed: u16,
    /// Which of those behind that character it is, from 1; 0 for the character
    /// itself.
    behind: u32,
}

impl Position {
    /// What comes before every character: the end of a name, or the blank that
    /// some count before a given name of one character.
    pub const BLANK: Self = Self { listed: 0, behind: 0 };
}

/// The listed characters by code point: place and number of strokes.
struct Table(Vec<(char, u16, u8)>);

impl Table {
    fn get(&self, c: char) -> Option<(u16, u8)> {
        let found = self.0.binary_search_by_key(&c, |(listed, ..)| *listed).ok()?;
        self.0.get(found).map(|(_, place, strokes)| (*place, *strokes))
    }
}

/// The table, read when it is first needed.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut listed = Vec::with_capacity(8105);
        for line in LISTED.lines().filter(|line| !line.starts_with('#')) {
            let (strokes, characters) = line.split_once('\t').unwrap_or_default();
            let strokes = strokes.parse().unwrap_or(0);
            for c in characters.chars() {
                let place = u16::try_from(listed.len() + 1).unwrap_or(u16::MAX);
                listed.push((c, place, strokes));
            }
        }
        listed.sort_unstable();
        Table(listed)
    })
}

/// The listed characters in Unicode's order, to find neighbours in.
fn listed_by_collation(collator: &CollatorBorrowed<'_>) -> &'static [char] {
    static SORTED: OnceLock<Vec<char>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut sorted: Vec<char> = table().0.iter().map(|(c, ..)| *c).collect();
        sorted.sort_by(|a, b| compare(collator, *a, *b));
        sorted
    })
}

/// A collator of the Unicode CLDR, if its data has the locale.
pub(super) fn collator(locale: Locale) -> Option<CollatorBorrowed<'static>> {
    CollatorBorrowed::try_new(locale.into(), CollatorOptions::default()).ok()
}

fn compare(collator: &CollatorBorrowed<'_>, a: char, b: char) -> Ordering {
    let (mut first, mut second) = ([0; 4], [0; 4]);
    let order = collator.compare(a.encode_utf8(&mut first), b.encode_utf8(&mut second));
    order.then(a.cmp(&b))
}

/// How many strokes a listed character has.
pub fn count(c: char) -> Option<u8> {
    table().get(c).map(|(_, strokes)| strokes)
}

/// A character that is not listed and the listed one that it was put behind.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct Guess {
    /// The character.
    pub character: char,
    /// The listed character before it, if there is one.
    pub behind: Option<char>,
}

/// The order, with places for the characters that are not listed.
#[derive(Debug, Default)]
pub struct StrokeOrder {
    /// The places of characters that are not listed, or were moved.
    own: BTreeMap<char, Position>,
    /// The characters whose places were guessed.
    guesses: Vec<Guess>,
}

impl StrokeOrder {
    /// The order of the characters of some names. `moved` are characters with
    /// the listed ones that they stand directly behind.
    pub fn of<'n>(
        names: impl IntoIterator<Item = &'n str>,
        moved: &[(char, char)],
    ) -> Self {
        let mut order = Self::default();
        for ((c, behind), number) in moved.iter().zip(1..) {
            if let Some((listed, _)) = table().get(*behind) {
                order.own.insert(*c, Position { listed, behind: number });
            }
        }
        let unknown: BTreeSet<char> = names
            .into_iter()
            .flat_map(str::chars)
            .filter(|c| is_han(*c))
            .filter(|c| !order.own.contains_key(c) && table().get(*c).is_none())
            .collect();
        if !unknown.is_empty() {
            order.place(unknown);
        }
        order
    }

    /// Whether a character can be told as the one that another stands behind.
    pub fn lists(c: char) -> bool {
        table().get(c).is_some()
    }

    fn place(&mut self, unknown: BTreeSet<char>) {
        let Some(collator) = collator(icu_locale_core::locale!("zh-u-co-stroke")) else {
            return;
        };
        let sorted = listed_by_collation(&collator);
        let mut unknown: Vec<char> = unknown.into_iter().collect();
        unknown.sort_by(|a, b| compare(&collator, *a, *b));
        // Behind those that were put there by hand.
        for (c, number) in unknown.into_iter().zip(1 << 16..) {
            let before =
                sorted.partition_point(|s| compare(&collator, *s, c) == Ordering::Less);
            let behind = before.checked_sub(1).and_then(|at| sorted.get(at)).copied();
            let listed = behind.and_then(|c| table().get(c)).map_or(0, |(at, _)| at);
            self.own.insert(c, Position { listed, behind: number });
            self.guesses.push(Guess { character: c, behind });
        }
    }

    /// The place of a character. What is not Chinese comes last.
    pub fn position(&self, c: char) -> Position {
        let listed = || {
            let (listed, _) = table().get(c)?;
            Some(Position { listed, behind: 0 })
        };
        let last = Position { listed: u16::MAX, behind: c as u32 };
        self.own.get(&c).copied().or_else(listed).unwrap_or(last)
    }

    /// The Chinese characters that are not listed, with their guessed places.
    pub fn guesses(&self) -> &[Guess] {
        &self.guesses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commonest surnames in the order in which the standard has them.
    const SURNAMES: &str = "丁于万马王毛文方尹孔邓石龙卢叶田史白冯吕朱乔任刘江汤许孙苏杜\
        李杨吴邱何余邹汪沈宋张陆陈邵武范林易罗金周郑孟赵郝胡钟段侯姜姚贺秦袁贾夏顾钱徐高\
        郭唐黄萧曹龚常崔康阎梁彭董蒋韩程傅曾谢赖雷蔡廖谭熊黎潘薛戴魏";

    #[test]
    fn the_commonest_surnames_are_in_order() {
        let order = StrokeOrder::default();
        let mut sorted: Vec<char> = SURNAMES.chars().collect();
        assert_eq!(sorted.len(), 100);
        sorted.sort_by_key(|c| std::cmp::Reverse(*c));
        sorted.sort_by_key(|c| order.position(*c));
        assert_eq!(sorted.into_iter().collect::<String>(), SURNAMES);
    }

    #[test]
    fn every_character_of_the_standard_is_listed_once() {
        let listed = &table().0;
        assert_eq!(listed.len(), 8105);
        assert!(listed.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(count('丁'), Some(2));
        assert_eq!(count('魏'), Some(17));
    }

    #[test]
    fn unlisted_characters_stand_by_their_neighbours() {
        let order = StrokeOrder::of(["鄧小平", "A王"], &[]);
        let guessed: Vec<char> =
            order.guesses().iter().map(|guess| guess.character).collect();
        assert_eq!(guessed, ['鄧']);
        assert!(order.position('鄧') > order.position('丁'));
        assert!(order.position('A') > order.position('鄧'));
    }

    #[test]
    fn a_character_can_be_moved() {
        let order = StrokeOrder::of(["鄧"], &[('鄧', '邓')]);
        assert_eq!(order.guesses(), []);
        assert!(order.position('鄧') > order.position('邓'));
        assert!(order.position('鄧') < order.position('石'));
    }
}
