import{a,b}from"./messages-ZAX6EVBY.js";import"./runtime-3RNHDNP5.js";export{a as changesInWords,b as changesSummary};
