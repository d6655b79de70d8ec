import{a}from"./touched-OOT3HVSO.js";import"./clock-TXZYSWAF.js";export{a as findChanges};
