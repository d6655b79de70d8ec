import{a,b}from"./messages-ZQPQYWPN.js";import"./runtime-3RNHDNP5.js";export{a as changesInWords,b as changesSummary};
