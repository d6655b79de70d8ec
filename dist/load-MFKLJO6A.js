import{b as a}from"./yaml-UXRGQQR6.js";import"./clock-TXZYSWAF.js";export{a as loadConfig};
