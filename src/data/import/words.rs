//! The words that head columns, and the fields that they mean.

/// A field, what it holds, and the headings that people give it.
const FIELDS: &[(&str, &str)] = &[
    ("name", "姓名 名字 代表姓名 委员姓名 人员姓名 姓 名"),
    ("sex", "性别"),
    ("ethnicity", "民族 族别"),
    (
        "unit",
        "单位及职务 单位职务 工作单位及职务 工作单位职务 单位和职务 工作单位和职务 工作单位 单位 \
        所在单位 单位名称 现工作单位及职务 单位、职务 工作单位、职务",
    ),
    ("position", "职务 职称 职务职称 职务、职称 现任职务"),
    ("role", "团内职务 代表团职务 大会职务 身份"),
    ("delegation", "代表团 团组 所在代表团 代表团名称 分团 分组 组别 所在团组 小组 界别"),
    ("party", "党派 政治面貌"),
    ("birth", "出生年月 出生日期 出生年月日"),
    ("education", "学历 文化程度 学历学位"),
    ("phone", "电话 手机 手机号 手机号码 联系电话 联系方式"),
    ("room", "房间 房间号 住宿房间 房号"),
    ("vehicle", "车号 乘车 车辆 乘车安排"),
    ("table", "桌号 餐桌"),
    ("seat", "座位 座位号 座次 座号 席位"),
    ("note", "备注 附注"),
    ("date", "日期"),
    ("session", "时段 场次 阶段 午别"),
    ("time", "时间 起止时间 时间安排"),
    ("title", "内容 事项 议程 活动内容 会议内容 主要内容 活动 项目 议题 日程"),
    ("place", "地点 会议地点 活动地点 会场"),
    ("host", "主持人 主持"),
    ("speaker", "报告人 发言人 主讲人"),
    ("participants", "参加人员 参会人员 出席人员 参加范围 参加对象"),
    (NUMBER, "序号 编号 序 号"),
];

/// The field of a running number: what is imported is in order anyway.
pub(super) const NUMBER: &str = "number";

/// A heading without spaces, notes in parentheses and marks: `姓　名（必填）*` is
/// 姓名.
pub(in crate::data) fn bare(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in heading.chars() {
        match c {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            '：' | ':' | '*' | '＊' | '\u{feff}' | '\u{200b}' => {}
            c if depth > 0 || c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// The field that a heading usually means.
pub(super) fn field(heading: &str) -> Option<&'static str> {
    let bare = bare(heading);
    let means = |words: &str| words.split_whitespace().any(|word| word == bare);
    FIELDS.iter().find(|(_, words)| means(words)).map(|(field, _)| *field)
}

/// Headings to show to people.
pub(super) fn examples() -> Vec<&'static str> {
    let first = |(_, words): &(&str, &'static str)| words.split_whitespace().next();
    FIELDS.iter().filter_map(first).collect()
}
