import{b as a}from"./yaml-A7MVCZVA.js";import"./clock-TXZYSWAF.js";export{a as loadConfig};
