//! The rules of the lint: what Word rejects, repairs or silently leaves out.

use crate::diag::{Diagnostic, Severity, Text};
use crate::docx::language::faults;
use crate::text;

/// A rule.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd)]
pub(crate) enum Rule {
    /// A cell's last block is no paragraph.
    CellEnd,
    /// A row has no cell.
    EmptyRow,
    /// A table has no row.
    EmptyTable,
    /// A content control has no content.
    EmptyControl,
    /// Text stands where only elements may.
    LooseText,
    /// Deleted text is written as text, or text as deleted text.
    DeletedText,
    /// A property stands behind one that must follow it.
    ChildOrder,
    /// Two controls have one id.
    DuplicateControl,
    /// Two bookmarks have one name.
    DuplicateBookmark,
    /// Two drawings have one id.
    DuplicateDrawing,
    /// A bookmark has only a beginning or only an end.
    OpenBookmark,
    /// A field has only a beginning or only an end.
    OpenField,
    /// A name is longer than Word takes.
    LongName,
    /// A style is not among the styles.
    MissingStyle,
    /// A list is not among the numberings.
    MissingNumbering,
    /// A note or comment is referred to and not there.
    MissingNote,
    /// A relationship is used and not there.
    MissingRelationship,
    /// A link leads to a bookmark that is not there.
    MissingBookmark,
    /// A relationship leads to a part that is not there.
    MissingPart,
    /// A part has no content type.
    NoContentType,
}

impl Rule {
    /// The code of its diagnostics.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::CellEnd => "docx/cell-end",
            Self::EmptyRow => "docx/empty-row",
            Self::EmptyTable => "docx/empty-table",
            Self::EmptyControl => "docx/empty-control",
            Self::LooseText => "docx/loose-text",
            Self::DeletedText => "docx/deleted-text",
            Self::ChildOrder => "docx/child-order",
            Self::DuplicateControl => "docx/duplicate-control",
            Self::DuplicateBookmark => "docx/duplicate-bookmark",
            Self::DuplicateDrawing => "docx/duplicate-drawing",
            Self::OpenBookmark => "docx/open-bookmark",
            Self::OpenField => "docx/open-field",
            Self::LongName => "docx/long-name",
            Self::MissingStyle => "template/missing-style",
            Self::MissingNumbering => "docx/missing-numbering",
            Self::MissingNote => "docx/missing-note",
            Self::MissingRelationship => "docx/missing-relationship",
            Self::MissingBookmark => "docx/missing-bookmark",
            Self::MissingPart => "docx/missing-part",
            Self::NoContentType => "docx/no-content-type",
        }
    }

    /// Whether a merge repairs it in every part that it renders.
    pub(crate) fn is_repaired(self) -> bool {
        matches!(
            self,
            Self::CellEnd
                | Self::EmptyRow
                | Self::EmptyTable
                | Self::EmptyControl
                | Self::DuplicateControl
                | Self::DuplicateBookmark
                | Self::DuplicateDrawing
                | Self::OpenBookmark
        )
    }

    /// What it means for an output. Word opens a document that names something
    /// which is not there, and leaves that out.
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::MissingStyle | Self::MissingNumbering | Self::MissingBookmark => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }

    /// What is wrong.
    fn message(self, subject: &str) -> Text {
        match self {
            Self::CellEnd => text!(
                "单元格不是以段落结尾",
                "a table cell does not end with a paragraph"
            ),
            Self::EmptyRow => text!("表格的行里没有单元格", "a table row has no cell"),
            Self::EmptyTable => text!("表格里没有行", "a table has no row"),
            Self::EmptyControl => {
                text!("内容控件里什么也没有", "a content control has no content")
            }
            Self::LooseText => text!(
                "`{subject}` 里不能直接放文字",
                "text stands directly in `{subject}`, where only elements may"
            ),
            Self::DeletedText => text!(
                "`{subject}` 与所在的删除修订不符",
                "`{subject}` does not fit the deleted revision around it"
            ),
            Self::ChildOrder => text!(
                "`{subject}` 的先后次序不对",
                "`{subject}` is out of order in its parent"
            ),
            Self::DuplicateControl => text!(
                "两个内容控件的编号都是 `{subject}`",
                "two content controls have the id `{subject}`"
            ),
            Self::DuplicateBookmark => text!(
                "两个书签都叫 `{subject}`",
                "two bookmarks have the name `{subject}`"
            ),
            Self::DuplicateDrawing => text!(
                "两个图形的编号都是 `{subject}`",
                "two drawings have the id `{subject}`"
            ),
            Self::OpenBookmark => text!(
                "书签 `{subject}` 有头无尾或有尾无头",
                "bookmark `{subject}` has only a beginning or only an end"
            ),
            Self::OpenField => text!(
                "域有头无尾或有尾无头",
                "a field has only a beginning or only an end"
            ),
            _ => self.missing(subject),
        }
    }

    fn missing(self, subject: &str) -> Text {
        match self {
            Self::LongName => {
                text!("名称 `{subject}` 太长", "the name `{subject}` is too long")
            }
            Self::MissingStyle => {
                text!("没有样式 `{subject}`", "there is no style `{subject}`")
            }
            Self::MissingNumbering => {
                text!("没有编号列表 `{subject}`", "there is no numbering `{subject}`")
            }
            Self::MissingNote => text!(
                "没有编号为 `{subject}` 的脚注、尾注或批注",
                "there is no note or comment `{subject}`"
            ),
            Self::MissingRelationship => {
                text!("没有关系 `{subject}`", "there is no relationship `{subject}`")
            }
            Self::MissingBookmark => text!(
                "链接指向的书签 `{subject}` 不存在",
                "a link leads to bookmark `{subject}`, which is not there"
            ),
            Self::MissingPart => text!(
                "关系指向的部件 `{subject}` 不存在",
                "a relationship leads to part `{subject}`, which is not there"
            ),
            _ => text!(
                "部件 `{subject}` 没有内容类型",
                "part `{subject}` has no content type"
            ),
        }
    }

    /// What to do.
    fn hint(self) -> Text {
        match self {
            Self::LooseText => text!(
                "把印出它的标签放进一段文字里",
                "put the tag that prints it inside a run of text"
            ),
            Self::OpenField | Self::OpenBookmark => text!(
                "让它的头和尾受同一个 `if`、`for` 管，或都不受管",
                "keep both of its ends inside the same `if` or `for`, or both outside"
            ),
            Self::LongName => text!(
                "控件的标题和标记最多 64 个字符，书签名最多 40 个",
                "a control's title or tag has at most 64 characters, a bookmark's name 40"
            ),
            Self::MissingStyle => text!(
                "在模板里建这个样式，或改用已有的样式",
                "create the style in the template, or name one that is there"
            ),
            Self::MissingNumbering => text!(
                "在模板里建这个列表，或改用已有的列表",
                "create the list in the template, or name one that is there"
            ),
            Self::MissingBookmark => text!(
                "在模板里加上这个书签，或去掉链接",
                "add the bookmark to the template, or remove the link"
            ),
            _ => text!(
                "用 Word 打开模板检查这一处，再重新保存",
                "look at this place of the template in Word, and save it again"
            ),
        }
    }

    /// The diagnostic of a fault that only an output has.
    pub(crate) fn in_output(self, subject: &str) -> Diagnostic {
        self.diagnostic(subject).note(text!(
            "段落号按合并后的文档计",
            "paragraphs are those of the merged document"
        ))
    }

    /// The diagnostic of a fault.
    pub(crate) fn diagnostic(self, subject: &str) -> Diagnostic {
        let severity = self.severity();
        let message = self.message(&faults::shown(subject));
        Diagnostic { severity, ..Diagnostic::error(self.code(), message) }
            .hint(self.hint())
    }

    /// The diagnostic of a fault that the template has already.
    pub(crate) fn warning(self, subject: &str) -> Diagnostic {
        let diagnostic = self.diagnostic(subject);
        Diagnostic { severity: Severity::Warning, ..diagnostic }
            .note(text!("模板里原来就是这样", "the template has this fault already"))
    }
}
