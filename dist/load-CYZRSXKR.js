import{b as a}from"./yaml-7XUDZFIR.js";import"./clock-TXZYSWAF.js";export{a as loadConfig};
