import{a}from"./git-LSFW5PSP.js";import"./clock-TXZYSWAF.js";export{a as findChanges};
