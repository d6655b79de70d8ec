import{a,b,c}from"./settings-of-EEK4UJMN.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
