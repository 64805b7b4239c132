# The tasks in R's package survey; prints the lines that `children.py` reads.
suppressPackageStartupMessages(library(survey))
words <- commandArgs(trailingOnly = TRUE)
folder <- words[1]; tasks <- strsplit(words[2], ",")[[1]]; again <- as.integer(words[3])
told <- function(kind, values) cat(kind, sprintf("%.17g", as.numeric(unlist(values))), "\n")
timed <- function(work) { at <- proc.time()[["elapsed"]]; made <- work(); list(proc.time()[["elapsed"]] - at, made) }
told("start", as.numeric(Sys.time()) - as.numeric(words[4]))

# Columns as numpy writes them: a header, then 8 bytes a number.
column <- function(name) {
  file <- file.path(folder, paste0(name, ".npy")); stream <- file(file, "rb"); on.exit(close(stream))
  start <- readBin(stream, "raw", 10)
  header <- rawToChar(readBin(stream, "raw", as.integer(start[9]) + 256 * as.integer(start[10])))
  rows <- as.integer(sub(".*\\(([0-9]+),\\).*", "\\1", header))
  values <- readBin(stream, if (grepl("<i8", header)) "integer" else "double", rows, size = 8)
  if (is.double(values)) values[is.nan(values)] <- NA
  values
}
read <- timed(function() {
  names <- sub(".npy", "", list.files(folder, "npy$"), fixed = TRUE)
  as.data.frame(sapply(names, column, simplify = FALSE))
})
told("read", read[[1]])
made <- timed(function() svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = read[[2]]))
told("design", made[[1]])
d <- made[[2]]

units <- 2e7
shares <- list(
  region = c(.24, .17, .23, .21, .15), sex = c(.51, .49), age = c(.08, .1, .12, .1, .09, .11, .13, .12, .09, .06)
)
margins <- lapply(names(shares), function(name) {
  setNames(data.frame(seq_along(shares[[name]]), units * shares[[name]]), c(name, "Freq"))
})
both <- function(found) list(estimate = coef(found), se = SE(found))
work <- list(
  "mean" = function() both(svymean(~score, d, na.rm = TRUE)),
  "mean by domain" = function() both(svyby(~score, ~domain, d, svymean, na.rm = TRUE)),
  "total by domain" = function() both(svyby(~spent, ~domain, d, svytotal)),
  "share by domain" = function() both(svyby(~uses, ~domain, d, svymean)),
  "crosstab" = function() {
    found <- svychisq(~kind + use, d, statistic = "F")
    list(test = c(found$statistic, found$parameter))
  },
  "rake" = function() {
    raked <- rake(d, list(~region, ~sex, ~age), margins, control = list(maxit = 100, epsilon = 1e-10))
    list(estimate = c(weights(raked)[1:20], sum(weights(raked)^2)))
  },
  "quantiles" = function() {
    found <- svyquantile(~income, d, c(.25, .5, .75), na.rm = TRUE, qrule = "math", interval.type = "xlogit")
    list(estimate = coef(found), se = SE(found))
  },
  "logistic model" = function() {
    both(svyglm(uses ~ factor(sex) + x1 + x2 + x3, d, family = quasibinomial(), control = glm.control(epsilon = 1e-15)))
  },
  "bootstrap" = function() {
    replicated <- as.svrepdesign(d, type = "subbootstrap", replicates = 200)
    list(estimate = coef(svyby(~score, ~domain, replicated, svymean, na.rm = TRUE)))
  }
)
for (task in tasks) {
  cat("task", task, "\n")
  tried <- try({
    first <- timed(work[[task]])
    told("first", first[[1]])
    told("again", sapply(seq_len(again), function(i) timed(work[[task]])[[1]]))
    for (kind in names(first[[2]])) told(kind, first[[2]][[kind]])
  }, silent = TRUE)
  if (inherits(tried, "try-error")) cat("failed", gsub("\n", " ", tried), "\n")
}
if (file.exists("/proc/self/status")) {
  told("peak", gsub("[^0-9]", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE)))
}
