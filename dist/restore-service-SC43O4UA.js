import{a}from"./restore-service-CIIR52BJ.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as restoreService};
