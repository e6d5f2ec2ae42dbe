//! stub
use crate::diag::{Result, Text, Warned};
use std::sync::Arc;
/// t
pub struct Template;
/// i
pub trait Images {
    /// l
    fn load(&self, path: &str) -> std::result::Result<Arc<[u8]>, Text>;
}
impl Template {
    /// c
    pub fn compile(_: &str, _: Vec<u8>) -> Result<Warned<Self>> {
        Ok(Warned { value: Self, warnings: vec![] })
    }
    /// r
    pub fn render(
        &self,
        _: &serde_json::Value,
        _: &dyn Images,
    ) -> Result<Warned<Vec<u8>>> {
        Ok(Warned { value: vec![], warnings: vec![] })
    }
}
