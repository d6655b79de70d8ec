import{a,b}from"./guard-5V7JJY2C.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
