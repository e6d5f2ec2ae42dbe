//! Opens PDF files, and says what is wrong with those that cannot be used.

use lopdf::{Document, Error, LoadOptions};

use super::page::{self, Page};
use crate::diag::{Diagnostic, Place, Result, Text};
use crate::text;

/// An open file.
#[derive(Debug)]
pub struct Print {
    /// The objects.
    pub document: Document,
    /// The pages, in order.
    pub pages: Vec<Page>,
    /// How large the file is, in bytes.
    pub size: usize,
    /// Whether its cross-reference table had to be made anew.
    pub repaired: bool,
}

/// How large a single stream may become.
const LARGEST_STREAM: usize = 1 << 30;

impl Print {
    /// Opens the bytes of a file that the user knows as `name`. A table of objects that is
    /// damaged is made anew from the objects.
    ///
    /// # Errors
    /// What is no PDF file, is cut off, asks for a password or has no pages.
    pub fn open(name: &str, bytes: &[u8], password: Option<&str>) -> Result<Self> {
        if bytes.is_empty() {
            return Err(fault(
                "press/empty",
                text!("文件是空的", "the file is empty"),
                name,
            )
            .into());
        }
        let start = &bytes[..bytes.len().min(1024)];
        if !start.windows(5).any(|window| window == b"%PDF-") {
            return Err(no_pdf(name).into());
        }
        let options = LoadOptions {
            password: password.map(str::to_string),
            max_decompressed_size: Some(LARGEST_STREAM),
            ..LoadOptions::default()
        };
        let document = Document::load_mem_with_options(bytes, options)
            .map_err(|error| unreadable(name, &error))?;
        if document.is_encrypted() && document.encryption_state.is_none() {
            return Err(locked(name, password.is_some()).into());
        }
        let pages: Vec<Page> =
            document.page_iter().map(|id| page::read(&document, id)).collect();
        if pages.is_empty() {
            return Err(no_pages(name).into());
        }
        let repaired = document.xref_recovery.is_some();
        Ok(Self { document, pages, size: bytes.len(), repaired })
    }
}

fn fault(code: &'static str, message: Text, name: &str) -> Diagnostic {
    Diagnostic::error(code, message).at(Place::file(name))
}

fn no_pdf(name: &str) -> Diagnostic {
    fault("press/not-a-pdf", text!("不是 PDF 文件", "not a PDF file"), name)
        .hint(text!("给出一个 PDF 文件", "name a PDF file"))
}

fn locked(name: &str, tried: bool) -> Diagnostic {
    let message = match tried {
        true => text!("密码不对", "the password is wrong"),
        false => text!(
            "文件加了密，要密码才能打开",
            "the file is encrypted and needs a password"
        ),
    };
    fault("press/encrypted", message, name).hint(text!(
        "用 `--password` 给出密码，或请作者给一份不加密的",
        "give it with `--password`, or ask for a file without one"
    ))
}

fn no_pages(name: &str) -> Diagnostic {
    fault("press/no-pages", text!("文件里一页也没有", "the file has no pages"), name)
        .hint(text!(
            "重新导出这个 PDF；也可能传输时截断了",
            "export the PDF again; it may also have been cut off on the way"
        ))
}

fn unreadable(name: &str, error: &Error) -> Diagnostic {
    match error {
        Error::InvalidPassword | Error::Decryption(_) => locked(name, true),
        _ => fault(
            "press/damaged",
            text!(
                "PDF 损坏了，读不出来（{error}）",
                "the PDF is damaged and cannot be read ({error})"
            ),
            name,
        )
        .hint(text!(
            "重新导出或重新传一次；文件可能不完整",
            "export or transfer it again; it may be incomplete"
        )),
    }
}
