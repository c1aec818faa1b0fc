//! From object files to an executable, with the C compiler's driver.

mod driver;
mod runtime;

pub(crate) use driver::link;
