import{a}from"./touched-MBWIYITC.js";import"./clock-TXZYSWAF.js";export{a as findChanges};
