//! Words that are often written with a wrong character.

use std::sync::LazyLock;

use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `帐户` is `账户`.
pub static RULE: Rule = Rule {
    id: "name/misspelling",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "常见的错别字或不推荐的词形",
        en: "a word with a wrong character, or a form that is not the recommended one",
    },
    why: Words {
        zh: "同音、形近的字写错了；异形词用推荐的词形",
        en: "a character of the same sound or a like shape; of variant words the recommended form is used",
    },
    source: "现代汉语词典（第7版）; GF 1001-2001 第一批异形词整理表",
    wrong: "布署下一步工作",
    right: "部署下一步工作",
};

/// `截止2023年` is `截至2023年`.
pub static UNTIL: Rule = Rule {
    id: "name/until",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "时间前面用了“截止”", en: "截止 before a time" },
    why: Words {
        zh: "“截止”是停止，后面不带时间；“截至”是到某时为止",
        en: "截止 means `to end` and takes no time behind it; `until` is 截至",
    },
    source: "现代汉语词典（第7版）",
    wrong: "截止2022年底，共有会员8716人",
    right: "截至2022年底，共有会员8716人",
};

/// A word as it is miswritten, as it should be, and the characters before which, or behind
/// which, it is part of other words.
struct Misspelling {
    wrong: &'static str,
    right: &'static str,
    before: &'static str,
    after: &'static str,
}

const fn word(wrong: &'static str, right: &'static str) -> Misspelling {
    Misspelling { wrong, right, before: "", after: "" }
}

const fn but(
    wrong: &'static str,
    right: &'static str,
    before: &'static str,
    after: &'static str,
) -> Misspelling {
    Misspelling { wrong, right, before, after }
}

/// In the order of their first characters, for which a test stands.
static WORDS: &[Misspelling] = &[
    word("一如继往", "一如既往"),
    word("一愁莫展", "一筹莫展"),
    word("一目了燃", "一目了然"),
    word("万事具备", "万事俱备"),
    word("不可思异", "不可思议"),
    word("不径而走", "不胫而走"),
    word("不落巢臼", "不落窠臼"),
    word("世外桃园", "世外桃源"),
    word("丰功伟迹", "丰功伟绩"),
    word("书藉", "书籍"),
    word("亲睐", "青睐"),
    word("人情事故", "人情世故"),
    word("仗义直言", "仗义执言"),
    word("付帐", "付账"),
    but("份内", "分内", "月股年省县身", ""),
    but("份外", "分外", "月股年省县身", ""),
    word("侯补", "候补"),
    word("侯车室", "候车室"),
    word("侯选人", "候选人"),
    word("修茸", "修葺"),
    word("倍受关注", "备受关注"),
    word("倍受鼓舞", "备受鼓舞"),
    word("克苦", "刻苦"),
    word("全神灌注", "全神贯注"),
    word("关怀倍至", "关怀备至"),
    word("兴高彩烈", "兴高采烈"),
    word("兵慌马乱", "兵荒马乱"),
    word("其它", "其他"),
    word("再所不惜", "在所不惜"),
    word("再接再励", "再接再厉"),
    word("凭籍", "凭借"),
    word("出奇不意", "出其不意"),
    but("制做", "制作", "", "到"),
    word("励行节约", "厉行节约"),
    word("即然", "既然"),
    word("厉精图治", "励精图治"),
    word("原形必露", "原形毕露"),
    but("发韧", "发轫", "出", ""),
    word("变本加利", "变本加厉"),
    word("名列前矛", "名列前茅"),
    word("唇枪舌箭", "唇枪舌剑"),
    word("国藉", "国籍"),
    word("坏帐", "坏账"),
    word("墨守陈规", "墨守成规"),
    word("天翻地复", "天翻地覆"),
    word("妄自非薄", "妄自菲薄"),
    word("委屈求全", "委曲求全"),
    word("娇揉造作", "矫揉造作"),
    word("宏杨", "弘扬"),
    word("寒喧", "寒暄"),
    word("对帐", "对账"),
    word("尤如", "犹如"),
    word("崭露头脚", "崭露头角"),
    word("川流不惜", "川流不息"),
    but("己经", "已经", "自知", ""),
    but("布署", "部署", "公发颁", ""),
    word("帐单", "账单"),
    word("帐号", "账号"),
    word("帐户", "账户"),
    word("帐款", "账款"),
    word("帐目", "账目"),
    word("帐簿", "账簿"),
    word("帐蓬", "帐篷"),
    but("幅射", "辐射", "大", ""),
    word("座右鸣", "座右铭"),
    word("座落", "坐落"),
    word("弘杨", "弘扬"),
    word("张慌失措", "张皇失措"),
    word("弦律", "旋律"),
    word("循规导矩", "循规蹈矩"),
    word("必竟", "毕竟"),
    word("急燥", "急躁"),
    word("悬梁刺骨", "悬梁刺股"),
    word("惹事生非", "惹是生非"),
    but("慎密", "缜密", "谨", ""),
    word("慰籍", "慰藉"),
    but("成份", "成分", "组构", "额数子股指"),
    word("报帐", "报账"),
    word("披星带月", "披星戴月"),
    word("按步就班", "按部就班"),
    word("按耐", "按捺"),
    word("提纲携领", "提纲挈领"),
    word("撕杀", "厮杀"),
    word("旁证博引", "旁征博引"),
    but("既使", "即使", "", "用得其人他她我你在是有"),
    word("既往不究", "既往不咎"),
    word("暴燥", "暴躁"),
    word("有持无恐", "有恃无恐"),
    word("杀戳", "杀戮"),
    word("松驰", "松弛"),
    word("欢渡", "欢度"),
    word("气愤填膺", "义愤填膺"),
    word("气慨", "气概"),
    word("水笼头", "水龙头"),
    word("沉缅", "沉湎"),
    word("浮燥", "浮躁"),
    word("渊远流长", "源远流长"),
    but("渡假", "度假", "过引", ""),
    word("滥芋充数", "滥竽充数"),
    word("烦燥", "烦躁"),
    word("烩炙人口", "脍炙人口"),
    word("甘败下风", "甘拜下风"),
    word("甜言密语", "甜言蜜语"),
    word("百尺杆头", "百尺竿头"),
    word("直接了当", "直截了当"),
    word("相形见拙", "相形见绌"),
    word("穿流不息", "川流不息"),
    word("签定", "签订"),
    word("算帐", "算账"),
    word("粗旷", "粗犷"),
    word("精萃", "精粹"),
    word("糟踏", "糟蹋"),
    word("结帐", "结账"),
    word("绿草如荫", "绿草如茵"),
    word("编篡", "编纂"),
    word("编缉", "编辑"),
    word("缺撼", "缺憾"),
    word("美仑美奂", "美轮美奂"),
    word("脉膊", "脉搏"),
    word("脱颍而出", "脱颖而出"),
    word("膺品", "赝品"),
    word("自抱自弃", "自暴自弃"),
    word("苦心孤旨", "苦心孤诣"),
    word("草管人命", "草菅人命"),
    word("萎糜不振", "萎靡不振"),
    word("藉贯", "籍贯"),
    word("融汇贯通", "融会贯通"),
    word("装祯", "装帧"),
    word("言简意骇", "言简意赅"),
    word("记帐", "记账"),
    word("谈笑风声", "谈笑风生"),
    word("责无旁待", "责无旁贷"),
    word("走头无路", "走投无路"),
    word("转帐", "转账"),
    word("辨论", "辩论"),
    word("辩别", "辨别"),
    word("迫不急待", "迫不及待"),
    word("追朔", "追溯"),
    word("通辑", "通缉"),
    word("遗撼", "遗憾"),
    word("部份", "部分"),
    word("重迭", "重叠"),
    word("金榜提名", "金榜题名"),
    word("针贬", "针砭"),
    word("防碍", "妨碍"),
    word("陷井", "陷阱"),
    word("雷厉风形", "雷厉风行"),
    word("震憾", "震撼"),
    word("额首称庆", "额手称庆"),
    word("风糜", "风靡"),
    word("食不裹腹", "食不果腹"),
    word("馈乏", "匮乏"),
    word("首当其充", "首当其冲"),
    word("鬼鬼崇崇", "鬼鬼祟祟"),
    word("默守成规", "墨守成规"),
    word("鼎立相助", "鼎力相助"),
];

/// Which characters begin a word of the table, by their last bits: most of a text is
/// passed over at once.
static FIRST: LazyLock<[bool; 1 << 12]> = LazyLock::new(|| {
    let mut first = [false; 1 << 12];
    for c in WORDS.iter().filter_map(|word| word.wrong.chars().next()) {
        first[u32::from(c) as usize % first.len()] = true;
    }
    first
});

/// Finds words of the table.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let first_of = &*FIRST;
    for (at, letter) in passage.letters.iter().enumerate() {
        let c = letter.c;
        if !first_of[u32::from(c) as usize % first_of.len()] {
            continue;
        }
        let first = WORDS.partition_point(|word| word.wrong.chars().next() < Some(c));
        let alike = WORDS[first..].iter().take_while(|word| word.wrong.starts_with(c));
        let Some(word) = alike.into_iter().find(|word| is_at(passage, at, word)) else {
            continue;
        };
        let (wrong, right) = (word.wrong, word.right);
        let message =
            text!("「{wrong}」应写作「{right}」", "`{wrong}` should be `{right}`");
        let last = at + wrong.chars().count() - 1;
        slips.push(Slip::new(&RULE, passage.span(at, last), message));
    }
}

fn is_at(passage: &Passage<'_>, at: usize, word: &Misspelling) -> bool {
    let end = at + word.wrong.chars().count();
    passage.has(at, word.wrong)
        && !passage.before(at).is_some_and(|c| word.before.contains(c))
        && !passage.at(end).is_some_and(|c| word.after.contains(c))
}

/// Finds 截止 at the start of a clause, with a time behind it.
pub fn find_until(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '截' || !passage.has(at, "截止") {
            continue;
        }
        let next = at + 2;
        let times = ["目前", "去年", "今年", "上年", "本月", "昨日", "今日", "发稿"];
        let time = passage.at(next).is_some_and(|c| c.is_ascii_digit() || c == '二')
            || times.iter().any(|word| passage.has(next, word));
        let starts =
            passage.before(at).is_none_or(|c| "，。；：！？、（“\n　 ".contains(c));
        if time && starts {
            let words = passage.read(at..next + 2);
            let right = words.replace("截止", "截至");
            let message =
                text!("「{words}」应写作「{right}」", "`{words}` should be `{right}`");
            slips.push(Slip::new(&UNTIL, passage.span(at, at + 1), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order_and_wrong() {
        let first = |word: &Misspelling| word.wrong.chars().next();
        assert!(WORDS.is_sorted_by_key(first));
        assert!(WORDS.iter().all(|word| word.wrong != word.right));
    }
}
