//! From object files to executables and shared libraries, with the C compiler's driver.

mod driver;
mod runtime;

pub(crate) use driver::{link, link_shared};
