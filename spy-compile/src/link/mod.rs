//! From object files to an executable, with the C compiler's driver.

mod archive;
mod driver;

pub(crate) use driver::link;
