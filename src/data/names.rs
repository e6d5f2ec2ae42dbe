//! Names of people: cleaned, measured, taken apart.

/// Surnames of two characters: what follows them is the given name.
const COMPOUND: &str = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 \
    尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 \
    司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 \
    拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五";

/// Surnames that are read otherwise than the same character in a word, with a
/// character of the reading that dictionaries sort by.
const READINGS: &[(&str, &str)] = &[
    ("万俟", "墨其"),
    ("长孙", "掌孙"),
    ("尉迟", "玉迟"),
    ("澹台", "谈台"),
    ("令狐", "零狐"),
    ("单", "善"),
    ("曾", "增"),
    ("仇", "求"),
    ("区", "欧"),
    ("解", "谢"),
    ("查", "渣"),
    ("盖", "舸"),
    ("朴", "瓢"),
    ("任", "壬"),
    ("种", "虫"),
    ("翟", "宅"),
    ("乐", "月"),
    ("覃", "秦"),
    ("缪", "妙"),
    ("华", "化"),
    ("纪", "己"),
    ("洗", "显"),
    ("黑", "贺"),
    ("员", "运"),
    ("繁", "婆"),
    ("召", "绍"),
    ("燕", "烟"),
    ("应", "英"),
    ("葛", "舸"),
    ("卜", "补"),
    ("牟", "木"),
    ("车", "彻"),
    ("石", "时"),
    ("沈", "审"),
];

/// The dot between the parts of a name.
pub const DOT: char = '·';

/// A name without the spaces that were put inside it; `王　芳` is 王芳. A space
/// between Latin words stays, as one space.
pub fn without_spaces(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        let latin = |c: Option<char>| c.is_some_and(|c| c < '\u{2000}' && c != DOT);
        if latin(out.chars().next_back()) && latin(word.chars().next()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A mark that stands where the dot of a name belongs.
pub fn wrong_dot(name: &str) -> Option<char> {
    name.chars().find(|c| matches!(c, '•' | '・' | '．' | '‧' | '∙' | '⋅'))
}

/// How wide a name is, in full-width characters.
pub fn width(name: &str) -> usize {
    let halves: usize =
        name.chars().map(|c| if c < '\u{2000}' && c != DOT { 1 } else { 2 }).sum();
    halves.div_ceil(2)
}

/// The surname and the given name. A name with a dot has no surname: it is kept
/// whole.
pub fn parts(name: &str) -> (&str, &str) {
    let mut ends = name.char_indices().map(|(at, _)| at).skip(1);
    let first = ends.next().unwrap_or(name.len());
    let second = ends.next();
    if name.contains(DOT) || wrong_dot(name).is_some() {
        return (name, "");
    }
    // Two characters alone are a surname and a given name.
    match second {
        Some(second) if COMPOUND.split_whitespace().any(|c| c == &name[..second]) => {
            name.split_at(second)
        }
        _ => name.split_at(first),
    }
}

/// The name with its surname in a spelling that pinyin collation reads rightly:
/// 单 (Shàn) as 善.
pub fn reading(name: &str) -> String {
    let (surname, given) = parts(name);
    let read = READINGS.iter().find(|(written, _)| *written == surname);
    read.map_or(surname, |(_, read)| read).to_owned() + given
}

/// Whether a character is Chinese.
pub fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_inside_are_taken_out() {
        assert_eq!(without_spaces("王　芳"), "王芳");
        assert_eq!(without_spaces(" 欧 阳  修 "), "欧阳修");
        assert_eq!(without_spaces("John  Smith"), "John Smith");
        assert_eq!(without_spaces("买买提 · 吐尔逊"), "买买提·吐尔逊");
    }

    #[test]
    fn surnames_are_told_from_given_names() {
        assert_eq!(parts("王芳"), ("王", "芳"));
        assert_eq!(parts("欧阳修"), ("欧阳", "修"));
        assert_eq!(parts("欧阳"), ("欧", "阳"));
        assert_eq!(parts("买买提·吐尔逊"), ("买买提·吐尔逊", ""));
        assert_eq!(parts(""), ("", ""));
    }

    #[test]
    fn widths_are_those_of_full_width_characters() {
        assert_eq!(width("王芳"), 2);
        assert_eq!(width("买买提·吐尔逊"), 7);
        assert_eq!(width("Smith"), 3);
    }
}
