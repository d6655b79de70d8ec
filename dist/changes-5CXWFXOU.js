import{a}from"./touched-ADPM5CRJ.js";import"./clock-TXZYSWAF.js";export{a as findChanges};
