import{a}from"./restore-service-GHJ42WF4.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as restoreService};
