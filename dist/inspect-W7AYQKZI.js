import{a,b}from"./guard-QXVPPXAY.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
