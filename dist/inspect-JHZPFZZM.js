import{a,b}from"./guard-YXAFFZBJ.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
