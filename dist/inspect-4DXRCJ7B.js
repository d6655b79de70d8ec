import{a,b}from"./guard-GDOGV475.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
