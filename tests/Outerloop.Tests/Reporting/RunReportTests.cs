using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outerloop.Configuration;
using Outerloop.Evaluation;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Reporting;

public sealed partial class RunReportTests : IDisposable
{
    private static readonly string[] Figures =
    [
        "solved", "ability", "pass-at-k", "differences", "changes", "sizes", "plan-lengths", "plan-tails", "plan-tails-held-out", "coverage", "entropy",
        "mixture", "planner", "reward", "training", "outcomes", "losses", "seconds", "tokens",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_report_has_every_figure_with_words_a_table_and_a_file()
    {
        string page = await Report("run");

        foreach (string figure in Figures)
        {
            Assert.Matches($"id=\"blocksworld-{figure}\" role=\"img\" aria-label=\"[^\"]{{20,}}\"", page);
            Assert.Contains($"<a download=\"blocksworld-{figure}.csv\"", page);
        }

        Assert.Equal(Figures.Length, Regex.Count(page, "<figure>"));
        Assert.Equal(Figures.Length, Regex.Count(page, "<details><summary>Table</summary>"));
    }

    [Fact]
    public async Task The_file_of_each_chart_reads_back_as_its_data()
    {
        string page = await Report("run");
        ReportData data = await ReportData.Read(_folder.File("run"), domain => new ScriptedPolicies().FormatOf("", domain), new Progress<PlannerProgress>(), default);
        IReadOnlyList<Chart> charts = ChartCatalog.Of(data.Domains[0]);
        Dictionary<string, string> files = DownloadPattern().Matches(page).ToDictionary(
            match => match.Groups["name"].Value, match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups["data"].Value)));

        Assert.Equal(charts.Select(chart => chart.Id).Order(), files.Keys.Order());
        await RunReport.WriteTables(_folder.File("run"), _folder.File("csv"), domain => new ScriptedPolicies().FormatOf("", domain), new Progress<PlannerProgress>(), default);
        foreach (Chart chart in charts)
        {
            Assert.Equal(files[chart.Id], await File.ReadAllTextAsync(Path.Combine(_folder.File("csv"), $"{chart.Id}.csv")));
            IReadOnlyList<string[]> rows = CsvText.Read(files[chart.Id]);
            Assert.Equal(chart.Table.Columns, rows[0]);
            Assert.Equal(chart.Table.Rows.Select(row => row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))), rows.Skip(1));
        }
    }

    [Fact]
    public async Task No_text_of_a_model_or_a_user_becomes_a_part_of_the_page()
    {
        const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick='alert(3)'";
        string page = await Report("run<script>alert(4)<", new ScriptedPolicies { Wrong = Hostile });

        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotContain("<img", Markup(page));
        Assert.Contains("&lt;img src=x onerror=alert(2)&gt;", page);
        Assert.Contains("run&lt;script&gt;alert(4)&lt;", page);
        Assert.DoesNotMatch("<[a-z][^>]*\\son[a-z]+=", Markup(page));
    }

    [Fact]
    public async Task The_page_forbids_the_network_and_every_script_but_its_own()
    {
        string page = await Report("run");
        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"(?<policy>[^\"]*)\"").Groups["policy"].Value.Replace("&#x27;", "'").Replace("&#x2B;", "+");

        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy);
        Assert.DoesNotContain("unsafe", policy);
        foreach (Match script in ScriptPattern().Matches(page))
            Assert.Contains(ReportAssets.HashOf(script.Groups["text"].Value), policy);
        Assert.DoesNotMatch("(?:src|href)=\"(?!data:)", Markup(page));
        if (!ReportAssets.Libraries.IsEmpty)
            Assert.Equal(4, ScriptPattern().Count(page));
        else
            Assert.Contains("npm ci", page);
    }

    [Fact]
    public async Task Every_specification_is_there_and_names_only_columns_of_its_data()
    {
        await ScriptedRun.Execute(_folder.File("run"));
        ReportData data = await ReportData.Read(_folder.File("run"), domain => new ScriptedPolicies().FormatOf("", domain), new Progress<PlannerProgress>(), default);
        foreach (Chart chart in ChartCatalog.Of(data.Domains[0]))
        {
            JsonElement specification = ReportAssets.Specification(chart.Specification);
            IEnumerable<string> fields = FieldPattern().Matches(specification.GetRawText()).Select(match => match.Groups["name"].Value);
            string[] made = specification.TryGetProperty("transform", out JsonElement transform)
                ? [.. MadePattern().Matches(transform.GetRawText()).Select(match => match.Groups["name"].Value)]
                : [];
            Assert.Empty(fields.Except(chart.Table.Columns).Except(made));
        }
    }

    [Fact]
    public async Task A_run_that_is_not_deployed_yet_has_a_report_without_figures()
    {
        RunFolder.Create(_folder.File("run"), new RunSettings()).Dispose();
        await using (await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default))
            await RunReport.Write(_folder.File("run"), _folder.File("report.html"), domain => new ScriptedPolicies().FormatOf("", domain), new Progress<PlannerProgress>(), default);
        Assert.Contains("No generation is deployed yet", await File.ReadAllTextAsync(_folder.File("report.html")));
    }

    [Fact]
    public void Markup_is_escaped_unless_it_is_markup() =>
        Assert.Equal("<p>&lt;b&gt;<i>x</i>7</p>", Html.Of($"<p>{"<b>"}{new Html("<i>x</i>")}{7}</p>").Markup);

    private async Task<string> Report(string name, ScriptedPolicies? policies = null)
    {
        await ScriptedRun.Execute(_folder.File(name), policies: policies);
        await RunReport.Write(_folder.File(name), _folder.File("report.html"), domain => new ScriptedPolicies().FormatOf("", domain), new Progress<PlannerProgress>(), default);
        return await File.ReadAllTextAsync(_folder.File("report.html"));
    }

    /// <summary>The page without what its scripts and its style say.</summary>
    private static string Markup(string page) => Regex.Replace(page, "<(?<kind>script|style)[^>]*>.*?</\\k<kind>>", "", RegexOptions.Singleline | RegexOptions.ExplicitCapture);

    [GeneratedRegex("<a download=\"(?<name>[^\"]*)\\.csv\" href=\"data:text/csv;charset=utf-8;base64,(?<data>[^\"]*)\"")]
    private static partial Regex DownloadPattern();

    [GeneratedRegex("<script>(?<text>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptPattern();

    [GeneratedRegex("\"field\": \"(?<name>[^\"]*)\"")]
    private static partial Regex FieldPattern();

    [GeneratedRegex("\"as\": \"(?<name>[^\"]*)\"")]
    private static partial Regex MadePattern();
}
