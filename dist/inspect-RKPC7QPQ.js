import{a,b}from"./guard-42CXEUQZ.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
